package tidemark.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.disk.HostFile;

/**
 * What finds that a frozen file was written although its length and time of modification are the same: its inode with the time of the inode's change, which no
 * program can set, and a digest. The digest is of all content of up to {@link #MOST_UNITS} units. Of a larger file the digest is of samples: the first units, the last and
 * others at places that depend on the length.
 *
 * @param changed when the inode was changed, in nanoseconds since 1970
 * @param extent {@code all} or {@code samples}
 * @param digest SHA-256 of the units that are not all zeros, each after its number
 */
record Witness(long inode, long changed, String extent, String digest) {
    static final int UNIT = 1 << 16;
    static final int MOST_UNITS = 1024;
    private static final int FIRST_UNITS = 16;
    private static final int SAMPLES = 256;
    private static final String ALL = "all";
    private static final Pattern TEXT = Pattern.compile("inode (\\d{1,19}), changed (\\d{1,19}), (all|samples) ([0-9a-f]{64})");
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(UNIT).asReadOnlyBuffer();

    /** What a file says of itself. */
    private record Inode(long number, long changed) {
        static Inode of(Path file) throws IOException {
            Map<String, Object> unix = Files.readAttributes(file, "unix:ino,ctime");
            return new Inode((Long) unix.get("ino"), ((FileTime) unix.get("ctime")).to(TimeUnit.NANOSECONDS));
        }
    }

    /** Of a file that nobody writes. */
    static Witness of(Path file) throws IOException {
        Inode inode = Inode.of(file);
        try (HostFile content = HostFile.open(file, false)) {
            boolean all = units(content) <= MOST_UNITS;
            return new Witness(inode.number, inode.changed, all ? ALL : "samples", all ? digestOfAll(content) : digestOfSamples(content));
        }
    }

    static Witness parse(String text) throws IOException {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IOException("the image has a witness of a disk file that this platform does not know: " + text + "; restore it by the platform that took it");
        }
        return new Witness(Long.parseUnsignedLong(parts.group(1)), Long.parseUnsignedLong(parts.group(2)), parts.group(3), parts.group(4));
    }

    /** Whether the file is the very same and was not touched. */
    boolean isUntouched(Path file) throws IOException {
        return Inode.of(file).equals(new Inode(inode, changed));
    }

    /** Whether the file has the content, as far as the digest tells. */
    boolean hasContentOf(Path file) throws IOException {
        Witness now = of(file);
        return now.extent.equals(extent) && now.digest.equals(digest);
    }

    /** Whether the file was touched in its place, and the digest does not tell whether its content is the same. */
    boolean isInDoubt(Path file) throws IOException {
        return !extent.equals(ALL) && Inode.of(file).number == inode;
    }

    @Override
    public String toString() {
        return "inode " + Long.toUnsignedString(inode) + ", changed " + Long.toUnsignedString(changed) + ", " + extent + " " + digest;
    }

    /** Of units that have data; at most one more than {@link #MOST_UNITS}. */
    private static int units(HostFile file) throws IOException {
        int count = 0;
        long length = file.length();
        for (long at = file.nextData(0); at < length && count <= MOST_UNITS; at = file.nextData(unit(at) + UNIT)) {
            count++;
        }
        return count;
    }

    private static long unit(long offset) {
        return offset & -UNIT;
    }

    private static String digestOfAll(HostFile file) throws IOException {
        Digest digest = new Digest(file);
        for (long at = file.nextData(0); at < digest.length; at = file.nextData(unit(at) + UNIT)) {
            digest.add(unit(at));
        }
        return digest.text();
    }

    private static String digestOfSamples(HostFile file) throws IOException {
        Digest digest = new Digest(file);
        long units = (digest.length + UNIT - 1) / UNIT;
        SplittableRandom random = new SplittableRandom(digest.length);
        TreeSet<Long> sampled = new TreeSet<>();
        random.longs(SAMPLES, 0, units).forEach(sampled::add);
        for (long first = 0; first < FIRST_UNITS; first++) {
            sampled.add(first);
        }
        sampled.add(units - 1);
        for (long unit : sampled) {
            digest.add(unit * UNIT);
        }
        return digest.text();
    }

    private static final class Digest {
        private final HostFile file;
        private final long length;
        private final MessageDigest sha;
        private final ByteBuffer bytes = ByteBuffer.allocate(UNIT);

        Digest(HostFile file) throws IOException {
            this.file = file;
            this.length = file.length();
            try {
                this.sha = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
        }

        void add(long offset) throws IOException {
            file.read(offset, bytes.clear().limit((int) Math.min(UNIT, length - offset)));
            if (bytes.flip().mismatch(ZEROS.slice(0, bytes.limit())) >= 0) {
                sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, offset / UNIT));
                sha.update(bytes);
            }
        }

        String text() {
            return HexFormat.of().formatHex(sha.digest());
        }
    }
}
