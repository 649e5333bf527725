{ A host in Free Pascal, in the dialect of Delphi: checks a whole file, then hands over one claim.
  Records are aligned as in C, calls are cdecl, texts are bytes with a length.
  usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT }
program table;

{$ifdef FPC}{$mode delphi}{$endif}
{$ALIGN 8}{$H+}

uses
  {$ifdef FPC}DynLibs{$else}Windows{$endif}, SysUtils, Classes;

const
  Options: RawByteString = '--format=json'#10'--today=2026-11-09';
  VerbCheck = 2;
  EInputStatus = -20;
  ELimitStatus = -50;

type
  TText = record { UTF-8, or the bytes of a claim file }
    P: Pointer;
    N: UInt64;
  end;

  TError = record
    StructSize: UInt32;
    Status: Int32;
    Line, ByteOffset: UInt64;
    Field, Reserved0: UInt32;
    Code: array[0..15] of AnsiChar;
    FileName: array[0..255] of AnsiChar;
    MessageJa, HintJa: array[0..511] of AnsiChar;
    MessageEn: array[0..255] of AnsiChar;
  end;

  TMemory = TMemoryStream;

  PFushoStream = ^TFushoStream;
  TFushoStream = record
    StructSize, Reserved0: UInt32;
    Ctx: TMemory;
    Read, Write: function(Ctx: TMemory; Buf: Pointer; N: UInt64): Int64; cdecl;
    Rewind: function(Ctx: TMemory): Int32; cdecl;
  end;

  THost = record { callbacks that are not needed here stay nil }
    StructSize: UInt32;
    AbiMajor, AbiMinor: UInt16;
    Ctx: Pointer;
    Product: TText;
    Threads, Reserved0: Int32;
    Callbacks: array[0..7] of Pointer;
    Reserved: array[0..3] of Pointer;
  end;

  TJob = record
    StructSize: UInt32;
    Verb: Int32;
    InputName, OutputName, JournalName: TText;
    Input, Listing: PFushoStream;
    InputSize: Int64;
    MoreFiles, Reserved1: Int32;
    Counts: array[0..7] of Int64;
    ExitStatus, Reserved0: Int32;
  end;

  TClaimJob = record
    StructSize: UInt32;
    Reserved0: Int32;
    Header, Records, Evidence: TText;
    Output, Listing: PFushoStream;
    Route, Edits: Int32;
    Errors, Warnings: Int64;
    ExitStatus, Reserved1: Int32;
  end;

  PPlugin = ^TPlugin;
  TPlugin = record
    StructSize: UInt32;
    AbiMajor, AbiMinor: UInt16;
    Id, Version, RulesEdition, NameJa: PAnsiChar;
    Open: function(var Host: THost; Options: TText; out Session: Pointer; var Err: TError): Int32; cdecl;
    AddEvidence: function(Session: Pointer; Name: TText; var Input: TFushoStream; var Err: TError): Int32; cdecl;
    Run: function(Session: Pointer; var Job: TJob; var Err: TError): Int32; cdecl;
    Claim: function(Session: Pointer; var Job: TClaimJob; var Err: TError): Int32; cdecl;
    Explain: Pointer;
    Close: procedure(Session: Pointer); cdecl;
    Reserved: array[0..3] of Pointer;
  end;

  TEntry = function(HostMajor, HostMinor: UInt32): PPlugin; cdecl;

{ An exception must not pass through the plugin: it becomes a failure of the stream. }
function MemoryRead(Ctx: TMemory; Buf: Pointer; N: UInt64): Int64; cdecl;
begin
  Result := Ctx.Read(Buf^, N);
end;

function MemoryWrite(Ctx: TMemory; Buf: Pointer; N: UInt64): Int64; cdecl;
begin
  try
    Result := Ctx.Write(Buf^, N);
  except
    Result := -1;
  end;
end;

function MemoryRewind(Ctx: TMemory): Int32; cdecl;
begin
  Ctx.Position := 0;
  Result := 0;
end;

function StreamOf(Memory: TMemory): TFushoStream;
begin
  Result.StructSize := SizeOf(Result);
  Result.Reserved0 := 0;
  Result.Ctx := Memory;
  Result.Read := MemoryRead;
  Result.Write := MemoryWrite;
  Result.Rewind := MemoryRewind;
end;

function FileInMemory(const Name: string): TMemory;
begin
  Result := TMemory.Create;
  Result.LoadFromFile(Name);
end;

function TextOf(const S: RawByteString): TText;
begin
  Result.P := Pointer(S);
  Result.N := Length(S);
end;

{ UTF-8 }
function Argument(Index: Integer): RawByteString;
begin
  Result := {$ifdef FPC}ParamStr(Index){$else}UTF8Encode(ParamStr(Index)){$endif};
end;

function BytesOf(Memory: TMemory): RawByteString;
begin
  SetString(Result, PAnsiChar(Memory.Memory), Memory.Size);
end;

{ "key":"..." of a line of JSON; a JSON parser does it better. }
function Value(const Line, Key: RawByteString): RawByteString;
begin
  Result := Copy(Line, Pos('"' + Key + '":"', Line) + Length(Key) + 4, MaxInt);
  Result := Copy(Result, 1, Pos('"', Result) - 1);
end;

procedure PrintFindings(Listing: TMemory);
var
  Rest, Line: RawByteString;
begin
  Rest := BytesOf(Listing);
  while Rest <> '' do
  begin
    Line := Copy(Rest, 1, Pos(#10, Rest) - 1);
    Delete(Rest, 1, Length(Line) + 1);
    if Pos('{"type":"finding"', Line) = 1 then
      WriteLn(Value(Line, 'code'), ' ', Value(Line, 'message'));
  end;
end;

function Failed(const Err: TError): Integer;
begin
  WriteLn(StdErr, Err.Code, ' ', Err.MessageJa, ' ', Err.HintJa);
  if (Err.Status = EInputStatus) or (Err.Status = ELimitStatus) then
    Result := 3
  else
    Result := 5;
end;

procedure Prepare(out Host: THost; out Err: TError);
begin
  FillChar(Host, SizeOf(Host), 0);
  FillChar(Err, SizeOf(Err), 0);
  Host.StructSize := SizeOf(Host);
  Host.AbiMajor := 1;
  Err.StructSize := SizeOf(Err);
end;

function WholeFile(const Plugin: TPlugin): Integer;
var
  Host: THost;
  Err: TError;
  Job: TJob;
  Session: Pointer;
  ClaimsName, CapturesName: RawByteString; { TText points into them }
  Claims, Captures, Findings: TMemory;
  Input, Extra, Listing: TFushoStream;
  Status: Int32;
begin
  Prepare(Host, Err);
  ClaimsName := Argument(2);
  CapturesName := Argument(3);
  Claims := FileInMemory(ParamStr(2));
  Captures := FileInMemory(ParamStr(3));
  Findings := TMemory.Create;
  Input := StreamOf(Claims);
  Extra := StreamOf(Captures);
  Listing := StreamOf(Findings);
  FillChar(Job, SizeOf(Job), 0);
  Job.StructSize := SizeOf(Job);
  Job.Verb := VerbCheck;
  Job.InputName := TextOf(ClaimsName);
  Job.Input := @Input;
  Job.Listing := @Listing;
  Status := Plugin.Open(Host, TextOf(Options), Session, Err);
  if Status >= 0 then
    Status := Plugin.AddEvidence(Session, TextOf(CapturesName), Extra, Err);
  if Status >= 0 then
    Status := Plugin.Run(Session, Job, Err);
  Plugin.Close(Session);
  Result := Job.ExitStatus;
  if Status < 0 then
    Result := Failed(Err)
  else
    PrintFindings(Findings);
  Findings.Free;
  Captures.Free;
  Claims.Free;
end;

{ Part 0 is what stands in front of the first RE, part n the claim number n. }
function Part(const Claims: RawByteString; Wanted: Integer): RawByteString;
var
  From, I, Now: Integer;
begin
  Result := '';
  From := 1;
  Now := 0;
  for I := 2 to Length(Claims) - 2 do
    if (Claims[I - 1] = #10) and (Claims[I + 2] = ',') and
      ((Copy(Claims, I, 2) = 'RE') or (Copy(Claims, I, 2) = 'GO')) then
    begin
      if Now = Wanted then
        Exit(Copy(Claims, From, I - From));
      Inc(Now);
      From := I;
    end;
end;

function OneClaim(const Plugin: TPlugin): Integer;
var
  Host: THost;
  Err: TError;
  Job: TClaimJob;
  Session: Pointer;
  Claims, Capture, Findings, Rewritten: TMemory;
  Header, Records, Evidence: RawByteString;
  Listing, Output: TFushoStream;
  Status: Int32;
begin
  Prepare(Host, Err);
  Claims := FileInMemory(ParamStr(2));
  Capture := FileInMemory(ParamStr(5));
  Header := Part(BytesOf(Claims), 0);
  Records := Part(BytesOf(Claims), StrToInt(ParamStr(4)));
  Evidence := BytesOf(Capture);
  Findings := TMemory.Create;
  Rewritten := TMemory.Create;
  Listing := StreamOf(Findings);
  Output := StreamOf(Rewritten);
  FillChar(Job, SizeOf(Job), 0);
  Job.StructSize := SizeOf(Job);
  Job.Header := TextOf(Header);
  Job.Records := TextOf(Records);
  Job.Evidence := TextOf(Evidence);
  Job.Output := @Output;
  Job.Listing := @Listing;
  Status := Plugin.Open(Host, TextOf(Options), Session, Err);
  if Status >= 0 then
    Status := Plugin.Claim(Session, Job, Err);
  Plugin.Close(Session); { a receipt computer keeps it open for the next patient }
  Result := 0;
  if Status < 0 then
    Result := Failed(Err)
  else
  begin
    WriteLn('claim ', ParamStr(4), ': route ', Job.Route, ', ', Job.Edits, ' edits');
    PrintFindings(Findings);
    Rewritten.SaveToFile(ParamStr(6));
  end;
  Rewritten.Free;
  Findings.Free;
  Capture.Free;
  Claims.Free;
end;

var
  Entry: TEntry;
  Plugin: PPlugin;
  Failure: Integer;
begin
  Entry := TEntry(GetProcAddress(LoadLibrary(ExpandFileName(ParamStr(1))), 'fusho_plugin_v1'));
  Plugin := nil;
  if Assigned(Entry) then
    Plugin := Entry(1, 0);
  if (Plugin = nil) or (ParamCount <> 6) then
  begin
    WriteLn(StdErr, 'usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT');
    Halt(5);
  end;
  ExitCode := WholeFile(Plugin^);
  if ExitCode < 2 then
  begin
    Failure := OneClaim(Plugin^);
    if Failure <> 0 then
      ExitCode := Failure;
  end;
end.
