#!/usr/bin/env perl
# A host in Perl (FFI::Platypus): checks a whole file, then hands over one claim.
# usage: table.pl PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT
#
# Structs are made with pack: every member of the contract is aligned without padding on 64 bits.
# Closures and packed strings must live as long as the plugin may look at them.
use strict;
use warnings;
use FFI::Platypus 2.00;
use FFI::Platypus::Buffer qw(scalar_to_pointer);
use FFI::Platypus::Memory qw(memcpy);
use JSON::PP qw(decode_json);

my $options = "--format=json\n--today=2026-11-09";
use constant { VERB_CHECK => 2, E_INPUT => -20, E_LIMIT => -50 };

# Where the functions stand in the table, and sizes of structs, in bytes.
use constant { OPEN => 40, ADD_EVIDENCE => 48, RUN => 56, CLAIM => 64, CLOSE => 80 };
use constant { ERROR_SIZE => 1584, JOB_SIZE => 160, CLAIM_JOB_SIZE => 104, HOST_SIZE => 136 };

# UTF-8 and its number of bytes; goes by value.
package Text {
    use FFI::Platypus::Record;
    record_layout_1(opaque => 'p', uint64 => 'n');
}

my $ffi = FFI::Platypus->new(api => 2);
my ($plugin, %function);
$ffi->type('record(Text)' => 'text');
my %arguments = (
    OPEN, ['opaque', 'text', 'opaque', 'opaque'],
    ADD_EVIDENCE, ['opaque', 'text', 'opaque', 'opaque'],
    RUN, ['opaque', 'opaque', 'opaque'],
    CLAIM, ['opaque', 'opaque', 'opaque'],
    CLOSE, ['opaque'],
);

sub load {
    my ($path) = @_;
    $ffi->lib($path);
    $plugin = $ffi->function(fusho_plugin_v1 => ['uint32', 'uint32'] => 'opaque')->call(1, 0)
        or die "$path: not this major version\n";
    for my $at (keys %arguments) {
        my $address = unpack 'Q', at($plugin + $at, 8);
        my $result = $at == CLOSE ? 'void' : 'sint32';
        $function{$at} = $ffi->function($address => $arguments{$at} => $result);
    }
    return;
}

sub text {
    return Text->new(p => scalar_to_pointer($_[0]), n => length $_[0]);
}

# Bytes at an address.
sub at {
    my ($address, $n) = @_;
    my $copy = "\0" x $n;
    memcpy scalar_to_pointer($copy), $address, $n if $n > 0;
    return $copy;
}

# A stream over a string; what is written is collected in {out}.
sub stream {
    my ($in) = @_;
    my $self = { out => '' };
    my $done = 0;
    my $read = $ffi->closure(sub {
        my (undef, $buffer, $n) = @_;
        my $part = substr $in, $done, $n;
        memcpy $buffer, scalar_to_pointer($part), length $part if length $part;
        $done += length $part;
        return length $part;
    });
    my $write = $ffi->closure(sub {
        my (undef, $buffer, $n) = @_;
        $self->{out} .= at($buffer, $n);
        return $n;
    });
    my $rewind = $ffi->closure(sub { $done = 0; return 0 });
    my $transfer = '(opaque, opaque, uint64)->sint64';
    $self->{keep} = [$read, $write, $rewind];
    $self->{struct} = pack 'LLQQQQ', 40, 0, 0, $ffi->cast($transfer => 'opaque', $read),
        $ffi->cast($transfer => 'opaque', $write), $ffi->cast('(opaque)->sint32' => 'opaque', $rewind);
    $self->{address} = scalar_to_pointer($self->{struct});
    return $self;
}

sub failed {
    my ($error) = @_;
    my ($status, $code, $ja, $hint) = unpack 'x4 l x24 Z16 x256 Z512 Z512', $error;
    print STDERR "$code $ja $hint\n";
    exit($status == E_INPUT || $status == E_LIMIT ? 3 : 5);
}

# Opens a session, lets $work call into it, closes it.
sub with_session {
    my ($work) = @_;
    my $host = pack 'LSS x' . (HOST_SIZE - 8), HOST_SIZE, 1, 0; # no callback is needed here
    my $error = pack 'L x' . (ERROR_SIZE - 4), ERROR_SIZE;
    my ($session, $failed) = ("\0" x 8, 0);
    my $call = sub {
        my ($name, @arguments) = @_;
        return if $failed;
        $failed = $function{$name}->call(@arguments, scalar_to_pointer($error)) < 0;
    };
    $call->(OPEN, scalar_to_pointer($host), text($options),
        scalar_to_pointer($session));
    my $handle = unpack 'Q', $session;
    $work->(sub { $call->(shift, $handle, @_) });
    $function{CLOSE()}->call($handle);
    failed($error) if $failed;
    return;
}

sub content {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!\n";
    local $/ = undef;
    return scalar <$file>;
}

sub print_findings {
    my ($listing) = @_;
    for (split /\n/, $listing->{out}) {
        my $entry = decode_json($_);
        print "$entry->{code} $entry->{message}\n" if $entry->{type} eq 'finding';
    }
    return;
}

sub whole_file {
    my ($name, $captures) = @_;
    my ($claims, $evidence, $listing) = (stream(content($name)), stream(content($captures)), stream(''));
    my $job = pack 'Ll QQ x32 QQ q ll x64 ll', JOB_SIZE, VERB_CHECK, scalar_to_pointer($name),
        length $name, $claims->{address}, $listing->{address}, 0, 0, 0, 0, 0;
    with_session(sub {
        my ($call) = @_;
        $call->(ADD_EVIDENCE, text($captures), $evidence->{address});
        $call->(RUN, scalar_to_pointer($job));
    });
    print_findings($listing);
    return unpack 'x152 l', $job;
}

sub one_claim {
    my ($name, $number, $capture, $output) = @_;
    my @parts = split /^(?=RE,|GO,)/m, content($name);
    my ($header, $records, $evidence) = (@parts[0, $number], content($capture));
    my ($rewritten, $listing) = (stream(''), stream(''));
    my @texts = map { (scalar_to_pointer($_), length $_) } $header, $records, $evidence;
    my $job = pack 'Ll QQ QQ QQ QQ ll qq ll', CLAIM_JOB_SIZE, 0, @texts, $rewritten->{address},
        $listing->{address}, (0) x 6;
    with_session(sub { $_[0]->(CLAIM, scalar_to_pointer($job)) });
    my ($route, $edits) = unpack 'x72 ll', $job;
    print "claim $number: route $route, $edits edits\n";
    print_findings($listing);
    open my $file, '>:raw', $output or die "$output: $!\n";
    print {$file} $rewritten->{out};
    close $file or die "$output: $!\n";
    return;
}

binmode STDOUT, ':encoding(UTF-8)';
my ($path, $name, $captures, $number, $capture, $output) = @ARGV;
load($path);
my $status = whole_file($name, $captures);
one_claim($name, $number, $capture, $output);
exit $status;
