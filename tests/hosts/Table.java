import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.PointerByReference;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A host in Java (JNA): checks a whole file, then hands over one claim.
 * usage: Table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT
 *
 * JNA frees a callback once nothing in Java refers to it: the stream keeps its own in fields.
 */
public class Table {
    static final byte[] OPTIONS = "--format=json\n--today=2026-11-09".getBytes(UTF_8);
    static final int CHECK = 2, E_INPUT = -20, E_LIMIT = -50;

    /** Bytes and their number, for texts (UTF-8) and claim records (CP932). */
    @FieldOrder({"p", "n"})
    public static class Text extends Structure implements Structure.ByValue {
        public Pointer p;
        public long n;

        public Text() {}

        Text(byte[] bytes) {
            p = new Memory(Math.max(1, bytes.length)); // lives as long as this object
            p.write(0, bytes, 0, bytes.length);
            n = bytes.length;
        }
    }

    @FieldOrder({"structSize", "status", "line", "byteOffset", "field", "reserved0", "code", "file",
            "messageJa", "hintJa", "messageEn"})
    public static class Error extends Structure {
        public int structSize, status;
        public long line, byteOffset;
        public int field, reserved0;
        public byte[] code = new byte[16], file = new byte[256], messageJa = new byte[512];
        public byte[] hintJa = new byte[512], messageEn = new byte[256];

        { structSize = size(); }

        static String text(byte[] b) {
            return new String(b, UTF_8).replaceFirst("(?s)\0.*", "");
        }
    }

    public interface Transfer extends Callback { long call(Pointer ctx, Pointer buffer, long n); }

    public interface Rewind extends Callback { int call(Pointer ctx); }

    @FieldOrder({"structSize", "reserved0", "ctx", "read", "write", "rewind"})
    public static class Stream extends Structure implements Structure.ByReference {
        public int structSize, reserved0;
        public Pointer ctx;
        public Transfer read, write;
        public Rewind rewind;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int at;

        Stream(byte[] in) {
            read = (ctx, buffer, n) -> {
                int k = (int) Math.min(n, in.length - at);
                buffer.write(0, in, at, k);
                at += k;
                return k;
            };
            write = (ctx, buffer, n) -> {
                out.writeBytes(buffer.getByteArray(0, (int) n));
                return n;
            };
            rewind = ctx -> at = 0;
            structSize = size();
            write();
        }

        Stream() {
            this(new byte[0]);
        }
    }

    @FieldOrder({"structSize", "major", "minor", "ctx", "product", "threads", "reserved0",
            "callbacks", "reserved"})
    public static class Host extends Structure {
        public int structSize;
        public short major = 1, minor;
        public Pointer ctx;
        public Text product;
        public int threads, reserved0;
        public Pointer[] callbacks = new Pointer[8], reserved = new Pointer[4]; // none is needed

        { structSize = size(); }
    }

    @FieldOrder({"structSize", "verb", "inputName", "outputName", "journalName", "input", "listing",
            "inputSize", "moreFiles", "reserved1", "counts", "exitStatus", "reserved0"})
    public static class Job extends Structure {
        public int structSize, verb = CHECK;
        public Text inputName, outputName, journalName;
        public Stream input, listing;
        public long inputSize;
        public int moreFiles, reserved1;
        public long[] counts = new long[8];
        public int exitStatus, reserved0;

        { structSize = size(); }
    }

    @FieldOrder({"structSize", "reserved0", "header", "records", "evidence", "output", "listing",
            "route", "edits", "errors", "warnings", "exitStatus", "reserved1"})
    public static class ClaimJob extends Structure {
        public int structSize, reserved0;
        public Text header, records, evidence;
        public Stream output, listing;
        public int route, edits;
        public long errors, warnings;
        public int exitStatus, reserved1;

        { structSize = size(); }
    }

    static class Failed extends Exception {
        final int status;

        Failed(Error e) {
            super(Error.text(e.code) + " " + Error.text(e.messageJa) + " " + Error.text(e.hintJa));
            status = e.status == E_INPUT || e.status == E_LIMIT ? 3 : 5;
        }
    }

    /** The functions of the table stand behind 16 bits of two versions and four texts. */
    static class Session implements AutoCloseable {
        static final int OPEN = 40, ADD = 48, RUN = 56, CLAIM = 64, CLOSE = 80;
        final Pointer table;
        final Host host = new Host(); // must live until close
        final Error error = new Error();
        final Pointer session;

        Session(Pointer table) throws Failed {
            PointerByReference out = new PointerByReference();
            this.table = table;
            check(function(OPEN).invokeInt(new Object[] {host, new Text(OPTIONS), out, error}));
            session = out.getValue();
        }

        Function function(int offset) {
            return Function.getFunction(table.getPointer(offset));
        }

        void check(int status) throws Failed {
            if (status < 0)
                throw new Failed(error);
        }

        void add(String name, Stream in) throws Failed {
            Text text = new Text(name.getBytes(UTF_8));
            check(function(ADD).invokeInt(new Object[] {session, text, in, error}));
        }

        void run(int call, Structure job) throws Failed {
            check(function(call).invokeInt(new Object[] {session, job, error}));
        }

        @Override
        public void close() {
            function(CLOSE).invokeVoid(new Object[] {session});
        }
    }

    /** "key":"…" of each finding; a JSON parser does it better. */
    static void printFindings(Stream listing, PrintStream out) {
        Pattern finding = Pattern.compile("^\\{\"type\":\"finding\",\"code\":\"(.*?)\".*\"message\":\"(.*?)\"",
                Pattern.MULTILINE);
        Matcher m = finding.matcher(listing.out.toString(UTF_8));
        while (m.find())
            out.println(m.group(1) + " " + m.group(2));
    }

    static int wholeFile(Pointer table, String[] args, PrintStream out) throws Exception {
        Job job = new Job();
        job.inputName = new Text(args[1].getBytes(UTF_8));
        job.input = new Stream(Files.readAllBytes(Path.of(args[1])));
        job.listing = new Stream();
        try (Session s = new Session(table)) {
            s.add(args[2], new Stream(Files.readAllBytes(Path.of(args[2]))));
            s.run(Session.RUN, job);
        }
        printFindings(job.listing, out);
        return job.exitStatus;
    }

    static void oneClaim(Pointer table, String[] args, PrintStream out) throws Exception {
        // ISO 8859-1 keeps every byte of CP932 as it is.
        String file = new String(Files.readAllBytes(Path.of(args[1])), ISO_8859_1);
        String[] parts = file.split("(?m)^(?=RE,|GO,)");
        ClaimJob job = new ClaimJob();
        job.header = new Text(parts[0].getBytes(ISO_8859_1));
        job.records = new Text(parts[Integer.parseInt(args[3])].getBytes(ISO_8859_1));
        job.evidence = new Text(Files.readAllBytes(Path.of(args[4])));
        job.output = new Stream();
        job.listing = new Stream();
        try (Session s = new Session(table)) { // a receipt computer keeps it open
            s.run(Session.CLAIM, job);
        }
        out.println("claim " + args[3] + ": route " + job.route + ", " + job.edits + " edits");
        printFindings(job.listing, out);
        Files.write(Path.of(args[5]), job.output.out.toByteArray());
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        String path = Path.of(args[0]).toAbsolutePath().toString();
        Function entry = NativeLibrary.getInstance(path).getFunction("fusho_plugin_v1");
        int status;
        try {
            Pointer table = entry.invokePointer(new Object[] {1, 0});
            status = wholeFile(table, args, out);
            oneClaim(table, args, out);
        } catch (Failed e) {
            new PrintStream(System.err, true, UTF_8).println(e.getMessage());
            status = e.status;
        }
        System.exit(status);
    }
}
