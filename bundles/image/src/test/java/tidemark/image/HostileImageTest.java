package tidemark.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.image.Images.PAGE;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.state.State;

/** Images with the wrong content under the right checksums: every field must be distrusted for itself. */
class HostileImageTest {
    @TempDir
    Path folder;

    private static final Runs NONE = new Runs(new long[0]);
    private static final Part END = new Part(SectionType.END, NONE, new byte[0]);

    /** A section to be. */
    private record Part(SectionType type, Runs runs, byte[] payload) {}

    private static long run(long first, int count, int kind) {
        return first << 32 | (long) count << 16 | kind;
    }

    private static Part pages(int bytes, long... runs) {
        return new Part(SectionType.PAGES, new Runs(runs), new byte[bytes]);
    }

    private static Part states() throws Exception {
        return new Part(SectionType.STATES, NONE, Payloads.ofStates(Images.STATES).array());
    }

    private static Part manifest() throws Exception {
        return new Part(SectionType.MANIFEST, NONE, Payloads.ofManifest(Images.MANIFEST).array());
    }

    private String refusal(Layout layout, ByteBuffer header, Part... parts) throws Exception {
        Path file = folder.resolve("image");
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int previous = header.getInt(FileHeader.BYTES - Integer.BYTES);
            channel.write(header);
            channel.position(layout == Layout.STREAM ? FileHeader.BYTES : MappedEncoder.offset(4));
            for (Part part : parts) {
                ByteBuffer section = SectionHeader.encode(part.type, part.runs, ByteBuffer.wrap(part.payload));
                previous = SectionHeader.seal(section, previous);
                channel.write(section);
                channel.write(ByteBuffer.wrap(part.payload));
            }
        }
        return assertThrows(CheckpointException.class, () -> Images.open(layout, file)).getMessage();
    }

    private void streamIsRefused(String why, Part... parts) throws Exception {
        String message = refusal(Layout.STREAM, FileHeader.encode(Layout.STREAM, 4), parts);
        assertTrue(message.contains(why), message);
    }

    private void pagesAreRefused(String why, Part pages) throws Exception {
        streamIsRefused(why, pages, states(), manifest(), END);
    }

    private void mapIsRefused(String why, byte... map) throws Exception {
        Part pageMap = new Part(SectionType.PAGE_MAP, NONE, map);
        String message = refusal(Layout.MAPPED, FileHeader.encode(Layout.MAPPED, 4), pageMap, states(), manifest(), END);
        assertTrue(message.contains(why), message);
    }

    @Test
    void runsOutsideOfRamOrOfNoPagesOrOfUnknownKindAreRefused() throws Exception {
        pagesAreRefused("run 0 is of 1 pages from 4, RAM has 4", pages(PAGE, run(4, 1, 1)));
        pagesAreRefused("run 1 is of 2 pages from 3", pages(PAGE, run(3, 1, 1), run(3, 2, 0)));
        pagesAreRefused("run 0 is of 1 pages from 4294967295", pages(PAGE, run(0xFFFFFFFFL, 1, 1)));
        pagesAreRefused("run 0 is of 65535 pages", pages(PAGE, run(0, 0xFFFF, 1)));
        pagesAreRefused("run 0 is of 0 pages", pages(0, run(0, 0, 1)));
        pagesAreRefused("unknown kind 2", pages(PAGE, run(0, 1, 2)));
    }

    @Test
    void runsThatDoNotMatchTheDataAreRefused() throws Exception {
        pagesAreRefused("2 pages with data in 4096 bytes", pages(PAGE, run(0, 2, 1)));
        pagesAreRefused("0 pages with data in 4096 bytes", pages(PAGE, run(0, 2, 0)));
        pagesAreRefused("0 pages with data in 4095 bytes", pages(PAGE - 1));
        long[] many = new long[200];
        java.util.Arrays.fill(many, run(0, 4, 0));
        pagesAreRefused("800 pages, allowed are 256", pages(0, many));
        pagesAreRefused("claims 257 runs", pages(0, new long[257]));
    }

    @Test
    void sectionsMissingOrTooManyOrInTheWrongLayoutAreRefused() throws Exception {
        streamIsRefused("section states", manifest(), END);
        streamIsRefused("section manifest", states(), END);
        streamIsRefused("section states", states(), states(), manifest(), END);
        streamIsRefused("section page map", new Part(SectionType.PAGE_MAP, NONE, new byte[1]), states(), manifest(), END);
        Part parent = new Part(SectionType.PARENT, NONE, Payloads.ofParent(Images.PARENT).array());
        streamIsRefused("the image has 2 of them, expected 1", parent, states(), parent, manifest(), END);
        streamIsRefused("it ends within a text", new Part(SectionType.PARENT, NONE, new byte[3]), states(), manifest(), END);
        streamIsRefused("a text claims", new Part(SectionType.PARENT, NONE, new byte[] {127, 0, 0, 0}), states(), manifest(), END);
        streamIsRefused("the file ends", states(), manifest());
        streamIsRefused("the file goes on", states(), manifest(), END, END);
        streamIsRefused("claims 1 bytes", states(), manifest(), new Part(SectionType.END, NONE, new byte[1]));
        streamIsRefused("claims 1 runs", new Part(SectionType.STATES, new Runs(new long[1]), new byte[4]), manifest(), END);
        String message = refusal(Layout.MAPPED, FileHeader.encode(Layout.MAPPED, 4), states(), manifest(), END);
        assertTrue(message.contains("section page map"), message);
    }

    @Test
    void pageMapsThatDoNotMatchRamAreRefused() throws Exception {
        mapIsRefused("0 bytes for 0 pages");
        mapIsRefused("1 bytes for 1 pages", (byte) 1);
        mapIsRefused("5 bytes for 0 pages", (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        mapIsRefused("the last of them 4, of 4", (byte) 16, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    }

    @Test
    void hugeNumbersAreRefusedWithoutAllocatingForThem() throws Exception {
        byte[] huge = {0x7F, -1, -1, -1, 0x7F, -1, -1, -1};
        streamIsRefused("section manifest", states(), new Part(SectionType.MANIFEST, NONE, huge), END);
        streamIsRefused("section states", new Part(SectionType.STATES, NONE, huge), manifest(), END);
        streamIsRefused("4 bytes too many", states(), new Part(SectionType.MANIFEST, NONE, new byte[8]), END);
        for (long pages : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, FileHeader.MAX_PAGES + 1}) {
            ByteBuffer header = FileHeader.encode(Layout.STREAM, 4).putLong(16, pages);
            header.putInt(28, Checksum.of(header.slice(0, 28)));
            assertTrue(refusal(Layout.STREAM, header.duplicate(), states(), manifest(), END).contains("RAM of "));
        }
        ByteBuffer header = FileHeader.encode(Layout.MAPPED, FileHeader.MAX_PAGES);
        assertTrue(refusal(Layout.MAPPED, header, states(), manifest(), END).contains("cut short"));
    }

    @Test
    void countsBeyondWhatAnImageMayHaveAreRefusedBeforeAnythingIsMadeOfThem() throws Exception {
        statesAreRefused("8000000 states, allowed are 10000", out -> out.writeInt(8_000_000));
        statesAreRefused("10001 states, allowed are 10000", out -> {
            out.writeInt(10_001);
            out.write(new byte[10 * 10_001]);
        });
        statesAreRefused("number of fields is 65537", out -> fields(out, 1, 65_537));
        statesAreRefused("number of fields is 256, allowed are 0 to 255", out -> {
            out.writeInt(257);
            for (int i = 0; i < 257; i++) {
                fields(out, 0, i == 0 ? 1 : 256);
            }
        });
        streamIsRefused("a text claims 256 bytes of 255", states(), manifest(out -> {
            out.writeInt(1);
            out.writeInt(256);
            out.write(new byte[260]);
        }), END);
        streamIsRefused("it has 2000000 entries, allowed are 65536", states(), manifest(out -> out.writeInt(2_000_000)), END);
    }

    /** 64 MiB, which zip to some 60 KiB: as many states without name and fields as a section holds. */
    @Test
    void millionsOfEmptyStatesAreRefusedByTheirNumber() throws Exception {
        int states = (SectionType.STATES.maxPayload - Integer.BYTES) / 10;
        statesAreRefused(states + " states, allowed are 10000", out -> {
            out.writeInt(states);
            for (int i = 0; i < states; i++) {
                out.write(new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0});
            }
        });
        statesAreRefused("it claims 80000004 bytes; allowed are 67108864", out -> out.write(new byte[80_000_004]));
    }

    private static void fields(DataOutputStream out, int states, int fields) throws IOException {
        if (states > 0) {
            out.writeInt(states);
        }
        out.writeUTF("");
        out.writeInt(1);
        out.writeInt(fields);
        for (int i = 0; i < fields; i++) {
            out.writeUTF("f" + i);
            out.writeByte(1);
            out.writeLong(i);
        }
    }

    @Test
    void whatIsCutShortOrThereTwiceSaysSo() throws Exception {
        statesAreRefused("it ends within a state", out -> { });
        statesAreRefused("it ends within a state", out -> out.writeInt(1));
        statesAreRefused("it ends within a state", out -> {
            out.writeInt(1);
            out.writeUTF("hart0");
        });
        statesAreRefused("1 of its fields are there twice", out -> {
            out.write(Payloads.ofStates(List.of(new State("a", 1).put("x", 1).put("y", 2))).array());
        }, (byte) 'y', (byte) 'x');
        streamIsRefused("two entries have the same key", states(), manifest(out -> {
            out.writeInt(2);
            out.writeLong(0);
            out.writeLong(0);
        }), END);
        streamIsRefused("a text is not in UTF-8", states(), manifest(out -> {
            out.writeInt(1);
            out.writeInt(1);
            out.writeByte(0xFF);
            out.writeInt(0);
        }), END);
    }

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static Part manifest(Content content) throws IOException {
        return new Part(SectionType.MANIFEST, NONE, bytes(content));
    }

    private void statesAreRefused(String why, Content content) throws Exception {
        streamIsRefused(why, new Part(SectionType.STATES, NONE, bytes(content)), manifest(), END);
    }

    private void statesAreRefused(String why, Content content, byte from, byte to) throws Exception {
        byte[] bytes = bytes(content);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == from ? to : bytes[i];
        }
        streamIsRefused(why, new Part(SectionType.STATES, NONE, bytes), manifest(), END);
    }

    @Test
    void sectionsWithoutPagesAndTooManySectionsAreRefused() throws Exception {
        pagesAreRefused("there are no pages in it", pages(0));
        Part zeros = pages(0, run(0, 1, 0));
        Path file = folder.resolve("image");
        ByteBuffer header = FileHeader.encode(Layout.STREAM, 4);
        ByteBuffer bytes = ByteBuffer.allocate(FileHeader.BYTES + 1_500_000 * 40).put(header.duplicate());
        int previous = header.getInt(FileHeader.BYTES - Integer.BYTES);
        while (bytes.hasRemaining()) {
            ByteBuffer section = SectionHeader.encode(zeros.type, zeros.runs, ByteBuffer.allocate(0));
            previous = SectionHeader.seal(section, previous);
            bytes.put(section);
        }
        Files.write(file, bytes.array());
        String message = assertThrows(CheckpointException.class, () -> Images.open(Layout.STREAM, file)).getMessage();
        assertTrue(message.contains("section number 262145 at offset 10485792: an image has 262144 sections at most"), message);
    }

    @Test
    void aWriterRefusesWhatAReaderWouldRefuse() throws Exception {
        List<State> many = java.util.stream.IntStream.range(0, 10_001).mapToObj(n -> new State("s" + n, 1)).toList();
        assertTrue(assertThrows(IOException.class, () -> Payloads.ofStates(many)).getMessage().contains("10001 states"));
        Map<String, String> entries = new TreeMap<>();
        for (int i = 0; i <= Payloads.MAX_ENTRIES; i++) {
            entries.put("k" + i, "");
        }
        assertTrue(assertThrows(IOException.class, () -> Payloads.ofManifest(entries)).getMessage().contains("65537 entries"));
    }

    @ParameterizedTest
    @EnumSource
    void noMutationUnderRightChecksumsGivesAnythingButARefusalOrPagesOfRam(Layout layout) throws Exception {
        for (Path file : List.of(Images.small(layout, folder.resolve("image")), Images.increment(layout, folder.resolve("increment")))) {
            mutateUnderRightChecksums(layout, file);
        }
    }

    private static void mutateUnderRightChecksums(Layout layout, Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        List<ImageReader.Section> sections;
        try (ImageReader image = Images.open(layout, file)) {
            sections = image.sections().stream().filter(section -> section.offset() != 0 && !section.type().equals("ram")).toList();
        }
        Random random = new Random(42);
        long end = System.nanoTime() + 500_000_000;
        int refused = 0;
        for (int n = 0; n < 500 || System.nanoTime() < end; n++) {
            byte[] mutant = whole.clone();
            mutate(random, mutant, sections);
            Files.write(file, mutant);
            refused += isRefused(layout, file) ? 1 : 0;
        }
        assertTrue(refused > 100, "only " + refused + " refused");
    }

    private static void mutate(Random random, byte[] bytes, List<ImageReader.Section> sections) {
        ImageReader.Section target = sections.get(random.nextInt(sections.size()));
        List<Integer> interesting = new ArrayList<>(List.of(0, 4, 8, 12));
        for (int i = 0; i < 4 && target.length() > SectionHeader.BYTES; i++) {
            interesting.add(SectionHeader.BYTES + random.nextInt((int) Math.min(target.length() - SectionHeader.BYTES, 200)));
        }
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            int at = (int) target.offset() + interesting.get(random.nextInt(interesting.size())) + random.nextInt(4);
            bytes[Math.min(at, bytes.length - 1)] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1);
        }
        seal(ByteBuffer.wrap(bytes), sections);
    }

    /** Makes all checksums right again, as far as the mutated lengths allow. */
    private static void seal(ByteBuffer bytes, List<ImageReader.Section> sections) {
        int previous = bytes.getInt(FileHeader.BYTES - Integer.BYTES);
        for (ImageReader.Section section : sections) {
            ByteBuffer part = bytes.slice((int) section.offset(), (int) section.length());
            int runs = (int) Math.min(Integer.toUnsignedLong(part.getInt(4)) * Long.BYTES, part.limit() - SectionHeader.BYTES);
            part.putInt(16, Checksum.of(part.slice(SectionHeader.BYTES, runs)));
            int payload = SectionHeader.BYTES + runs;
            long length = Math.min(part.getLong(8) & Long.MAX_VALUE, part.limit() - payload);
            part.putInt(20, Checksum.of(part.slice(payload, (int) length)));
            previous = SectionHeader.seal(part, previous);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noMutationGivesAnythingButARefusalOrPagesOfRam(Layout layout) throws Exception {
        for (Path file : List.of(Images.small(layout, folder.resolve("image")), Images.increment(layout, folder.resolve("increment")))) {
            mutate(layout, file);
        }
    }

    private static void mutate(Layout layout, Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(43);
        long end = System.nanoTime() + 500_000_000;
        for (int n = 0; n < 500 || System.nanoTime() < end; n++) {
            byte[] mutant = whole.clone();
            int at = random.nextInt(mutant.length);
            int length = Math.min(1 + random.nextInt(64), mutant.length - at);
            System.arraycopy(whole, random.nextInt(whole.length - length), mutant, at, length);
            Files.write(file, java.util.Arrays.copyOf(mutant, random.nextInt(4) == 0 ? random.nextInt(mutant.length * 2) : mutant.length));
            isRefused(layout, file);
        }
    }

    private static boolean isRefused(Layout layout, Path file) {
        try (ImageReader image = Images.open(layout, file)) {
            image.sections();
            image.own().forEach(page -> java.util.Objects.checkIndex(page, image.pages()));
            image.readPages((page, host) -> java.util.Objects.checkIndex(page, image.pages()));
            return false;
        } catch (CheckpointException e) {
            assertFalse(e.getMessage().contains("null"), e.getMessage());
            return true;
        }
    }
}
