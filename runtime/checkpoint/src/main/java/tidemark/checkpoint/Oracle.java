package tidemark.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.machine.Machine;
import tidemark.api.memory.PageDigest;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.files.Companion;
import tidemark.files.Fault;

/**
 * What a machine was at one instant: a digest of every page of RAM, and all states. Kept in a file beside the image: magic, the image's
 * id, the number of pages, a digest each, the number of states, the states, and a CRC32C of all that. Big-endian.
 *
 * @param image the id in the image's manifest
 */
record Oracle(String image, long[] digests, List<State> states) {
    private static final long MAGIC = 0x544D_4F52_4143_4C31L; // TMORACL1
    private static final String ENDING = ".oracle";
    private static final int BUFFER = 1 << 16;
    /** The bytes beside digests and states: magic, id, numbers, checksum. */
    private static final int MAX_HEAD = 1 << 17;
    private static final int MAX_DIFFERING = 100;

    static Path file(Path image) {
        return image.resolveSibling(image.getFileName() + ENDING);
    }

    /** Looks at a machine that stands. */
    static Oracle of(String image, PhysicalMemory memory, List<State> states) {
        long[] digests = new long[Math.toIntExact(memory.pages())];
        for (int page = 0; page < digests.length; page++) {
            digests[page] = PageDigest.of(memory.hostAddress() + ((long) page << PhysicalMemory.PAGE_SHIFT));
        }
        return new Oracle(image, digests, states);
    }

    /** Compares with another machine, which stands. */
    Verdict compare(Path path, Machine machine) {
        long[] others = of(image, machine.memory(), List.of()).digests;
        List<Long> differing = new ArrayList<>();
        long count = 0;
        for (int page = 0; page < digests.length; page++) {
            if (digests[page] != others[page]) {
                count++;
                if (differing.size() < MAX_DIFFERING) {
                    differing.add((long) page);
                }
            }
        }
        List<String> differingStates = differences(states, machine.saveState());
        return new Verdict(path, count == 0 && differingStates.isEmpty(), digests.length, count, differing, differingStates);
    }

    private static List<String> differences(List<State> recorded, List<State> restored) {
        List<String> text = new ArrayList<>();
        for (State state : recorded) {
            List<String> fields = State.named(restored, state.name()).map(state::differences).orElse(List.of("missing"));
            if (!fields.isEmpty()) {
                text.add(state.name() + ": " + String.join(", ", fields));
            }
        }
        restored.stream().map(State::name).filter(name -> recorded.stream().noneMatch(s -> s.name().equals(name)))
                .forEach(name -> text.add(name + ": not in the image"));
        return text;
    }

    /** Writes it beside an image that has no name yet; it has none either until it is published, just before the image. */
    Companion write(Path imageFile) throws CheckpointException {
        try {
            Companion file = Companion.create(imageFile, ENDING);
            try {
                writeTo(file.channel());
                return file;
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot write the oracle " + file(imageFile) + ": " + Fault.reason(e)
                    + "; make room there, choose another place, or take the checkpoint without it", e);
        }
    }

    /** The channel stays open: it holds the lock. */
    private void writeTo(FileChannel channel) throws IOException {
        CRC32C crc = new CRC32C();
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), crc));
        out.writeLong(MAGIC);
        out.writeUTF(image);
        out.writeInt(digests.length);
        for (long digest : digests) {
            out.writeLong(digest);
        }
        State.writeAll(states, out);
        out.writeLong(crc.getValue());
        out.flush();
        channel.force(true);
    }

    /** @throws CheckpointException if there is none, or it is damaged or another image's */
    static Oracle read(Path imageFile, String id, long pages) throws CheckpointException {
        Path file = file(imageFile);
        if (!Files.exists(file)) {
            throw new CheckpointException("Image " + imageFile + " was taken without the oracle (there is no " + file.getFileName()
                    + "); take one with it to verify it");
        }
        try {
            Oracle oracle = readFrom(file, pages);
            if (!oracle.image.equals(id) || oracle.digests.length != pages) {
                throw new CheckpointException(file + " is the oracle of another image than " + imageFile
                        + "; put back the one it was taken with");
            }
            return oracle;
        } catch (IOException e) {
            throw new CheckpointException("Oracle " + file + " is damaged: " + e.getMessage() + "; " + imageFile
                    + " may still be whole but cannot be proven", e);
        }
    }

    private static Oracle readFrom(Path file, long pages) throws IOException {
        long most = MAX_HEAD + pages * Long.BYTES + State.MAX_LIST_BYTES;
        if (Files.size(file) > most) {
            throw new IOException("it has " + Files.size(file) + " bytes, allowed are " + most);
        }
        CRC32C crc = new CRC32C();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                DataInputStream in = new DataInputStream(new CheckedInputStream(raw, crc))) {
            if (in.readLong() != MAGIC) {
                throw new IOException("it does not begin as an oracle does");
            }
            String image = in.readUTF();
            long[] digests = new long[(int) bounded(in.readInt(), pages, "number of pages")];
            for (int page = 0; page < digests.length; page++) {
                digests[page] = in.readLong();
            }
            List<State> states = State.readAll(in);
            long expected = crc.getValue();
            if (in.readLong() != expected || in.read() >= 0) {
                throw new IOException("its checksum is wrong");
            }
            return new Oracle(image, digests, states);
        }
    }

    private static long bounded(int value, long max, String what) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("its " + what + " is " + value);
        }
        return value;
    }
}
