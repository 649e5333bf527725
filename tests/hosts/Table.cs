// A host in C# (P/Invoke; mono, .NET): checks a whole file, then hands over one claim.
// usage: Table CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT
//
// The plugin is found by its name beside the program: fusho.dll, on Linux libfusho.so (a link).
// A delegate handed over as a function pointer is freed once nothing in C# refers to it: each stream
// keeps its own in fields, and its `using` or KeepAlive keeps the stream until the call is over.
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

[StructLayout(LayoutKind.Sequential)]
struct FushoText { public IntPtr P; public ulong N; } // UTF-8, or the bytes of a claim file

[StructLayout(LayoutKind.Sequential)]
struct FushoError
{
    public uint StructSize; public int Status; public ulong Line, ByteOffset;
    public uint Field, Reserved0;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 16)] public byte[] Code;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 256)] public byte[] File;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 512)] public byte[] MessageJa;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 512)] public byte[] HintJa;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 256)] public byte[] MessageEn;
}

[StructLayout(LayoutKind.Sequential)]
struct FushoStream { public uint StructSize, Reserved0; public IntPtr Ctx, Read, Write, Rewind; }

[StructLayout(LayoutKind.Sequential)]
struct FushoHost // callbacks that are not needed here stay NULL
{
    public uint StructSize; public ushort Major, Minor; public IntPtr Ctx; public FushoText Product;
    public int Threads, Reserved0;
    public IntPtr Mem, Log, StoreBegin, StoreCommit, StoreAbort, Today, Progress, Cancelled;
    public IntPtr R0, R1, R2, R3;
}

[StructLayout(LayoutKind.Sequential)]
struct FushoJob
{
    public uint StructSize; public int Verb; public FushoText InputName, OutputName, JournalName;
    public IntPtr Input, Listing; public long InputSize; public int MoreFiles, Reserved1;
    public long Claims, Payers, Fusho, Kyushikaku, Current, Hold, Errors, Warnings;
    public int ExitStatus, Reserved0;
}

[StructLayout(LayoutKind.Sequential)]
struct FushoClaimJob
{
    public uint StructSize; public int Reserved0; public FushoText Header, Records, Evidence;
    public IntPtr Output, Listing; public int Route, Edits; public long Errors, Warnings;
    public int ExitStatus, Reserved1;
}

[StructLayout(LayoutKind.Sequential)]
struct FushoPlugin
{
    public uint StructSize; public ushort Major, Minor; public IntPtr Id, Version, Rules, NameJa;
    public IntPtr Open, AddEvidence, Run, Claim, Explain, Close, R0, R1, R2, R3;
}

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate long Transfer(IntPtr ctx, IntPtr buffer, ulong n);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int Rewind(IntPtr ctx);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int OpenCall(IntPtr host, FushoText options, out IntPtr session, ref FushoError error);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int AddCall(IntPtr session, FushoText name, IntPtr stream, ref FushoError error);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int RunCall(IntPtr session, ref FushoJob job, ref FushoError error);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int ClaimCall(IntPtr session, ref FushoClaimJob job, ref FushoError error);
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate void CloseCall(IntPtr session);

// Memory that the garbage collector does not move.
sealed class Fixed : IDisposable
{
    public readonly IntPtr P;
    public readonly FushoText Text;
    public Fixed(byte[] bytes)
    {
        P = Marshal.AllocHGlobal(bytes.Length + 1);
        Marshal.Copy(bytes, 0, P, bytes.Length);
        Text = new FushoText { P = P, N = (ulong)bytes.Length };
    }
    public Fixed(string s) : this(Encoding.UTF8.GetBytes(s)) { }
    public Fixed(object structure)
    {
        P = Marshal.AllocHGlobal(Marshal.SizeOf(structure));
        Marshal.StructureToPtr(structure, P, false);
    }
    public void Dispose() { Marshal.FreeHGlobal(P); }
}

// A stream over bytes. No exception may pass through the plugin: it becomes a fault of the stream.
sealed class Memory : IDisposable
{
    public readonly MemoryStream Bytes;
    public IntPtr P { get { return native.P; } }
    readonly Transfer read, write;
    readonly Rewind rewind;
    readonly Fixed native;
    public Memory(byte[] input = null)
    {
        Bytes = new MemoryStream();
        if (input != null)
            Bytes.Write(input, 0, input.Length);
        Bytes.Position = 0;
        read = (ctx, buffer, n) => {
            byte[] part = new byte[(int)Math.Min(n, (ulong)(Bytes.Length - Bytes.Position))];
            Bytes.Read(part, 0, part.Length);
            Marshal.Copy(part, 0, buffer, part.Length);
            return part.Length;
        };
        write = (ctx, buffer, n) => {
            try {
                byte[] part = new byte[n];
                Marshal.Copy(buffer, part, 0, part.Length);
                Bytes.Write(part, 0, part.Length);
                return part.Length;
            } catch (Exception) {
                return -1;
            }
        };
        rewind = ctx => { Bytes.Position = 0; return 0; };
        native = new Fixed(new FushoStream {
            StructSize = (uint)Marshal.SizeOf(typeof(FushoStream)),
            Read = Marshal.GetFunctionPointerForDelegate(read),
            Write = Marshal.GetFunctionPointerForDelegate(write),
            Rewind = Marshal.GetFunctionPointerForDelegate(rewind) });
    }
    public void Dispose() { native.Dispose(); }
}

sealed class Failed : Exception
{
    public readonly int Status;
    public Failed(FushoError e)
        : base(Text(e.Code) + " " + Text(e.MessageJa) + " " + Text(e.HintJa))
    {
        Status = e.Status == -20 || e.Status == -50 ? 3 : 5; // FUSHO_E_INPUT, FUSHO_E_LIMIT
    }
    static string Text(byte[] b) { return Encoding.UTF8.GetString(b, 0, Array.IndexOf(b, (byte)0)); }
}

sealed class Session : IDisposable
{
    [DllImport("fusho", CallingConvention = CallingConvention.Cdecl)]
    static extern IntPtr fusho_plugin_v1(uint major, uint minor);

    readonly FushoPlugin table;
    readonly Fixed host = new Fixed(new FushoHost {
        StructSize = (uint)Marshal.SizeOf(typeof(FushoHost)), Major = 1 });
    readonly IntPtr session;
    FushoError error = new FushoError { StructSize = (uint)Marshal.SizeOf(typeof(FushoError)) };

    public Session()
    {
        IntPtr at = fusho_plugin_v1(1, 0);
        if (at == IntPtr.Zero)
            throw new DllNotFoundException("fusho: another major version");
        table = (FushoPlugin)Marshal.PtrToStructure(at, typeof(FushoPlugin));
        using (Fixed options = new Fixed("--format=json\n--today=2026-11-09"))
            Check(Call<OpenCall>(table.Open)(host.P, options.Text, out session, ref error));
    }
    static T Call<T>(IntPtr p) { return (T)(object)Marshal.GetDelegateForFunctionPointer(p, typeof(T)); }
    void Check(int status) { if (status < 0) throw new Failed(error); }
    public void Add(string name, Memory stream)
    {
        using (Fixed text = new Fixed(name))
            Check(Call<AddCall>(table.AddEvidence)(session, text.Text, stream.P, ref error));
        GC.KeepAlive(stream);
    }
    public void Run(ref FushoJob job) { Check(Call<RunCall>(table.Run)(session, ref job, ref error)); }
    public void Claim(ref FushoClaimJob job)
    {
        Check(Call<ClaimCall>(table.Claim)(session, ref job, ref error));
    }
    public void Dispose() { Call<CloseCall>(table.Close)(session); host.Dispose(); }
}

static class Table
{
    // "key":"..." of each finding; a JSON parser does it better.
    static void PrintFindings(Memory listing, TextWriter screen)
    {
        string finding = "(?m)^\\{\"type\":\"finding\",\"code\":\"(.*?)\".*?\"message\":\"(.*?)\"";
        foreach (Match m in Regex.Matches(Encoding.UTF8.GetString(listing.Bytes.ToArray()), finding))
            screen.WriteLine(m.Groups[1].Value + " " + m.Groups[2].Value);
    }

    static int WholeFile(string[] args, TextWriter screen)
    {
        using (Memory claims = new Memory(File.ReadAllBytes(args[0])))
        using (Memory captures = new Memory(File.ReadAllBytes(args[1])))
        using (Memory listing = new Memory())
        using (Fixed name = new Fixed(args[0]))
        using (Session s = new Session())
        {
            FushoJob job = new FushoJob { StructSize = (uint)Marshal.SizeOf(typeof(FushoJob)),
                Verb = 2, InputName = name.Text, Input = claims.P, Listing = listing.P }; // check
            s.Add(args[1], captures);
            s.Run(ref job);
            PrintFindings(listing, screen);
            GC.KeepAlive(claims);
            return job.ExitStatus;
        }
    }

    static void OneClaim(string[] args, TextWriter screen)
    {
        Encoding latin1 = Encoding.GetEncoding("ISO-8859-1"); // keeps every byte of CP932 as it is
        string[] parts = Regex.Split(latin1.GetString(File.ReadAllBytes(args[0])), "(?m)^(?=RE,|GO,)");
        using (Fixed header = new Fixed(latin1.GetBytes(parts[0])))
        using (Fixed records = new Fixed(latin1.GetBytes(parts[int.Parse(args[2])])))
        using (Fixed capture = new Fixed(File.ReadAllBytes(args[3])))
        using (Memory output = new Memory(), listing = new Memory())
        using (Session s = new Session()) // a receipt computer keeps it open for the next patient
        {
            FushoClaimJob job = new FushoClaimJob {
                StructSize = (uint)Marshal.SizeOf(typeof(FushoClaimJob)), Header = header.Text,
                Records = records.Text, Evidence = capture.Text, Output = output.P, Listing = listing.P };
            s.Claim(ref job);
            screen.WriteLine("claim " + args[2] + ": route " + job.Route + ", " + job.Edits + " edits");
            PrintFindings(listing, screen);
            File.WriteAllBytes(args[4], output.Bytes.ToArray());
        }
    }

    static int Main(string[] args)
    {
        UTF8Encoding utf8 = new UTF8Encoding(false);
        using (TextWriter screen = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" })
        using (TextWriter errors = new StreamWriter(Console.OpenStandardError(), utf8))
            try {
                int status = WholeFile(args, screen);
                OneClaim(args, screen);
                return status;
            } catch (Failed e) {
                errors.WriteLine(e.Message);
                return e.Status;
            }
    }
}
