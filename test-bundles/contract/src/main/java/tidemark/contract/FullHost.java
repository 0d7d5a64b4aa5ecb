package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;

/** A process that writes a disk in a file which may not grow beyond a limit: the host refuses, as a full disk does. */
final class FullHost {
    private static final int REQUESTS = 300;
    private static final int MOST = 20_000;
    /** The kernel counts the limit in these. */
    private static final int UNIT = 512;

    private FullHost() {}

    /** One request: where, and the seed of its bytes; whether it succeeded. */
    private record Write(int offset, int length, long seed, boolean done) {}

    /** @param first the disk before */
    record Outcome(byte[] first, List<Write> writes) {
        int requests() {
            return writes.size();
        }

        long failures() {
            return writes.stream().filter(write -> !write.done).count();
        }

        /** What succeeded is there; of what failed, each byte may be there or not. */
        void check(Disk disk) throws IOException {
            byte[] now = DiskContract.read(disk, 0, first.length);
            byte[] expected = first.clone();
            boolean[] unknown = new boolean[first.length];
            for (Write write : writes) {
                System.arraycopy(DiskContract.random(write.seed, write.length), 0, expected, write.offset, write.length);
                Arrays.fill(unknown, write.offset, write.offset + write.length, !write.done);
            }
            for (int at = 0; at < expected.length; at++) {
                assertTrue(unknown[at] || now[at] == expected[at], "byte " + at);
            }
        }

        @Override
        public String toString() {
            return requests() + " requests, " + failures() + " failures";
        }
    }

    static Outcome write(DiskPart part, Path file, int limit, String classPath) throws Exception {
        byte[] first;
        try (Disk disk = part.open(file, false, DiskContract.NOTHING_BELOW)) {
            first = DiskContract.read(disk, 0, (int) disk.size());
        }
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process process = new ProcessBuilder("sh", "-c", "ulimit -f " + limit / UNIT + " && exec \"$@\"", "sh", java, "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, FullHost.class.getName(),
                part.getClass().getName(), file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<Write> writes = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            for (int left = in.readInt(); left > 0; left--) {
                writes.add(new Write(in.readInt(), in.readInt(), in.readLong(), in.readBoolean()));
            }
        }
        assertEquals(0, process.waitFor());
        return new Outcome(first, writes);
    }

    public static void main(String[] args) throws Exception {
        DiskPart part = (DiskPart) Class.forName(args[0]).getConstructor().newInstance();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Disk disk = part.open(Path.of(args[1]), true, DiskContract.NOTHING_BELOW)) {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(REQUESTS);
            Random random = new Random(4);
            for (int request = 0; request < REQUESTS; request++) {
                int length = 1 + random.nextInt(MOST);
                Write write = tried(disk, random.nextInt((int) disk.size() - length), length, random.nextLong());
                out.writeInt(write.offset);
                out.writeInt(write.length);
                out.writeLong(write.seed);
                out.writeBoolean(write.done);
            }
            disk.flush();
        }
        bytes.writeTo(System.out);
        System.out.flush();
    }

    private static Write tried(Disk disk, int offset, int length, long seed) {
        try {
            disk.write(offset, ByteBuffer.wrap(DiskContract.random(seed, length)));
            return new Write(offset, length, seed, true);
        } catch (IOException e) {
            return new Write(offset, length, seed, false);
        }
    }
}
