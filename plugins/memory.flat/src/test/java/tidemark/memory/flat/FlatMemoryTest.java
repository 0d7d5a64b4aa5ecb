package tidemark.memory.flat;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

class FlatMemoryTest {
    private static final long BASE = 0x8000_0000L;
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, PAGE, MIB - PAGE, MIB + 1, MIB + PAGE / 2, (16L << 30) + PAGE})
    void aSizeThatIsNotPossibleIsRefusedWithWhatIs(long size) {
        String message = assertThrows(IllegalArgumentException.class, () -> new FlatMemoryPart().create(BASE, size)).getMessage();
        assertTrue(message.contains(Long.toString(size)) && message.contains("1 MiB") && message.contains("16 GiB"), message);
    }

    @ParameterizedTest
    @ValueSource(longs = {BASE + 1, -PAGE, Long.MAX_VALUE - PAGE + 1})
    void aBaseThatIsNotPossibleIsRefused(long base) {
        assertThrows(IllegalArgumentException.class, () -> new FlatMemoryPart().create(base, MIB));
    }

    @Test
    void moreThanTheHostHasIsRefusedWithAWayOut() {
        String message = assertThrows(OutOfMemoryError.class, () -> HostBlock.reserve(1L << 50)).getMessage();
        assertTrue(message.contains("less ram"), message);
    }

    @Test
    void ramIsZeroPageAlignedAndLargerThanTwoGibibytes() {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, 16L << 30)) {
            assertEquals(0, memory.hostAddress() % PAGE);
            long last = BASE + memory.size() - Long.BYTES;
            assertEquals(0, HostMemory.getLong(memory.readable(last)));
            HostMemory.putLong(memory.writable(last), -1);
            assertEquals(-1, HostMemory.getLong(memory.hostAddress() + memory.size() - Long.BYTES));
        }
    }

    /** Some kernels have no zero page: they commit whatever is read. There RAM commits no more than any memory does. */
    @Test
    @SuppressWarnings("restricted") // calls libc
    void readingWhatWasNeverWrittenCommitsNothing() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle malloc = linker.downcallHandle(linker.defaultLookup().findOrThrow("malloc"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        MethodHandle free = linker.downcallHandle(linker.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(JAVA_LONG));
        long plain = (long) malloc.invokeExact(256 * MIB);
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, 256 * MIB)) {
            assertEquals(0, bitsOfPages(plain + PAGE, 256 * MIB - PAGE));
            assertEquals(0, bitsOfPages(memory.readable(BASE), memory.size()));
            long committed = committed(memory.hostAddress());
            long ofPlain = committed(plain + PAGE);
            assertTrue(committed < ofPlain + 8 * MIB, () -> committed + " bytes, of plain memory " + ofPlain);
        } finally {
            free.invokeExact(plain);
        }
    }

    private static long bitsOfPages(long host, long size) {
        long bits = 0;
        for (long at = 0; at < size; at += PAGE) {
            bits |= HostMemory.getLong(host + at);
        }
        return bits;
    }

    @Test
    void clearAndCloseGiveTheMemoryBackToTheHostAtOnce() throws IOException {
        PhysicalMemory memory = new FlatMemoryPart().create(BASE, 64 * MIB);
        long host = memory.hostAddress();
        HostMemory.fill(host, memory.size(), (byte) 1);
        assertTrue(committed(host) >= 64 * MIB);
        memory.clear();
        assertEquals(0, committed(host));
        assertEquals(0, HostMemory.getLong(host + 5 * PAGE));
        HostMemory.fill(host, memory.size(), (byte) 1);
        memory.close();
        assertEquals(0, committed(host));
        Reference.reachabilityFence(memory);
    }

    @Test
    void whatADeviceWritesItReadsBackAcrossPages() throws BusFault {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            byte[] bytes = new byte[3 * PAGE];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31);
            }
            memory.write(BASE + PAGE - 7, bytes, 5, bytes.length - 5);
            byte[] back = new byte[bytes.length];
            back[0] = bytes[0];
            System.arraycopy(bytes, 1, back, 1, 4);
            memory.read(BASE + PAGE - 7, back, 5, back.length - 5);
            assertArrayEquals(bytes, back);
            assertEquals(0, HostMemory.getByte(memory.readable(BASE + PAGE - 8)));
        }
    }

    @Test
    void aTransferThatLeavesRamFaultsBeforeAnythingIsWrittenOrMarked() {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            RecordingLog log = new RecordingLog();
            memory.dirtyLog(log);
            byte[] bytes = {1, 2, 3, 4};
            for (long physical : new long[] {BASE - 1, BASE + MIB - 3, BASE + MIB, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertEquals(physical, assertThrows(BusFault.class, () -> memory.write(physical, bytes, 0, 4)).address());
                assertThrows(BusFault.class, () -> memory.read(physical, bytes, 0, 4));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> memory.write(BASE, bytes, 2, 3));
            assertEquals(0, HostMemory.getInt(memory.readable(BASE + MIB - 4)));
            assertEquals(List.of(), log.marked);
        }
    }

    @Test
    void everyWayOfWritingTellsTheLog() throws BusFault {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            assertSame(DirtyLog.NONE, memory.dirtyLog());
            RecordingLog log = new RecordingLog();
            memory.dirtyLog(log);
            memory.writable(BASE + MIB - 1);
            memory.readable(BASE);
            memory.write(BASE + 2 * PAGE - 1, new byte[PAGE + 2], 0, PAGE + 2);
            memory.write(BASE + 9 * PAGE, new byte[PAGE], 0, 0);
            assertEquals(List.of(255L, 1L, 2L, 3L), log.marked);
            log.marked.clear();
            memory.clear();
            assertEquals(256, log.marked.size());
        }
    }

    @Test
    void aDeviceStoresBeforeItMarks() throws BusFault {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            List<Byte> seen = new ArrayList<>();
            memory.dirtyLog(new RecordingLog() {
                @Override
                public void mark(long page) {
                    seen.add(HostMemory.getByte(memory.readable(BASE)));
                }
            });
            memory.write(BASE, new byte[] {42}, 0, 1);
            assertEquals(List.of((byte) 42), seen);
        }
    }

    @Test
    void useAfterCloseFailsClearlyAndAStaleAddressDoesNotCrash() {
        PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB);
        long stale = memory.writable(BASE);
        HostMemory.putLong(stale, -1);
        memory.close();
        memory.close();
        byte[] bytes = new byte[1];
        assertThrows(IllegalStateException.class, () -> memory.write(BASE, bytes, 0, 1));
        assertThrows(IllegalStateException.class, () -> memory.read(BASE, bytes, 0, 1));
        assertThrows(IllegalStateException.class, memory::clear);
        assertThrows(IllegalStateException.class, memory::hostAddress);
        assertThrows(IllegalStateException.class, () -> memory.dirtyLog(DirtyLog.NONE));
        assertEquals(0, HostMemory.getLong(stale));
        assertDoesNotThrow(() -> HostMemory.putLong(stale, 1));
        Reference.reachabilityFence(memory);
    }

    /** Copy before write: the guard sees the old bytes, of every page that is going to be written. */
    @Test
    void guardIsAskedBeforeAnyStore() throws Exception {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            assertSame(WriteGuard.NONE, memory.writeGuard());
            HostMemory.fill(memory.hostAddress(), memory.size(), (byte) 7);
            List<String> asked = new ArrayList<>();
            memory.writeGuard(page -> asked.add(page + " has " + HostMemory.getByte(memory.hostAddress() + (page + 1) * PAGE - 1)));
            memory.readable(BASE + PAGE);
            memory.write(BASE + PAGE - 1, new byte[PAGE + 2], 0, PAGE + 2);
            memory.writable(BASE + 3 * PAGE + 5);
            memory.write(BASE, new byte[1], 0, 0);
            assertThrows(BusFault.class, () -> memory.write(BASE + MIB - 1, new byte[2], 0, 2));
            assertEquals(List.of("0 has 7", "1 has 7", "2 has 7", "3 has 7"), asked);
            asked.clear();
            memory.clear();
            assertEquals(MIB / PAGE, asked.size());
        }
    }

    /** Pages 1, 2 and 5 of a file that has bytes everywhere. */
    @Test
    void mappedPagesAreTheFilesAndAllOthersStay(@TempDir Path folder) throws Exception {
        Path file = file(folder, 256);
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            HostMemory.fill(memory.hostAddress(), memory.size(), (byte) 9);
            PageSet pages = PageSet.none(memory.pages());
            List.of(1L, 2L, 5L).forEach(pages::add);
            assertTrue(memory.map(file, PAGE, pages));
            for (long page = 0; page < memory.pages(); page++) {
                assertEquals(pages.contains(page) ? (byte) (page + 1) : 9, HostMemory.getByte(memory.readable(BASE + page * PAGE + 7)), "page " + page);
            }
            HostMemory.putByte(memory.writable(BASE + PAGE), (byte) 99);
            assertEquals(2, Files.readAllBytes(file)[2 * PAGE], "writes do not reach the file");
            memory.clear();
            assertEquals(0, HostMemory.getByte(memory.readable(BASE + 2 * PAGE)));
            assertEquals(0, HostMemory.getByte(memory.readable(BASE)));
        }
    }

    /** Each second page: more runs than the kernel is asked for. */
    @Test
    void gapsBetweenRunsThatBecameOneAreZero(@TempDir Path folder) throws Exception {
        Path file = file(folder, 12_001);
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, 64 * MIB)) {
            PageSet pages = PageSet.none(memory.pages());
            for (long page = 0; page < 12_000; page += 2) {
                pages.add(page);
            }
            assertTrue(MappedRuns.of(pages).runs().size() <= 2048, "runs");
            assertTrue(memory.map(file, PAGE, pages));
            for (long page = 0; page < 12_000; page++) {
                assertEquals(page % 2 == 0 ? (byte) (page + 1) : 0, HostMemory.getByte(memory.readable(BASE + page * PAGE)), "page " + page);
            }
        }
    }

    @Test
    void fileThatIsNotThereIsRefusedAndRamIsWhole(@TempDir Path folder) {
        try (PhysicalMemory memory = new FlatMemoryPart().create(BASE, MIB)) {
            assertThrows(IOException.class, () -> memory.map(folder.resolve("none"), 0, PageSet.all(memory.pages())));
            HostMemory.putByte(memory.writable(BASE), (byte) 1);
        }
    }

    /** Page n is filled with the lowest byte of n. */
    private static Path file(Path folder, int pages) throws IOException {
        byte[] bytes = new byte[pages * PAGE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / PAGE);
        }
        return Files.write(folder.resolve("file"), bytes);
    }

    /** Bytes of host memory behind the mapping that holds the address, from proc(5) smaps. */
    private static long committed(long address) throws IOException {
        boolean found = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            String[] range = line.split("[- ]", 3);
            if (range[0].matches("[0-9a-f]+") && line.contains("-")) {
                found = Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                        && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
            } else if (found && line.startsWith("Rss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new AssertionError("No mapping at 0x" + Long.toHexString(address));
    }

    private static class RecordingLog implements DirtyLog {
        final List<Long> marked = new ArrayList<>();

        @Override
        public Barrier barrier() {
            return Barrier.FIRST_WRITE;
        }

        @Override
        public void mark(long page) {
            marked.add(page);
        }

        @Override
        public void flip() {}

        @Override
        public void collect(PageSet into) {}

        @Override
        public void close() {}
    }
}
