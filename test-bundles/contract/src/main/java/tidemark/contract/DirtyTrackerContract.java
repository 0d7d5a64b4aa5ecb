package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.MemoryPart;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/** What every {@link DirtyTracker} promises. Extend it in a test class, say which tracker, and on which kind of RAM. */
public abstract class DirtyTrackerContract {
    private static final long BASE = 0x8000_0000L;
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    /** Not a multiple of 64: the last word of a bitmap is not full. */
    private static final long PAGES = 300;
    private static final long RACE_NANOS = 1_000_000_000L;
    private static final int ROUNDS = 4;

    private PhysicalMemory memory;
    private SimulatedHart hart;
    private RamImage image;
    private DirtyLog log;

    protected abstract DirtyTracker tracker();

    /** RAM of a little more than 1 MiB is made with it. */
    protected abstract MemoryPart memoryPart();

    /** Whether the log adds no page that was not written: not true of one whose unit is larger than a page. */
    protected boolean exact() {
        return true;
    }

    @BeforeEach
    final void begin() {
        memory = memoryPart().create(BASE, PAGES * PAGE);
        hart = new SimulatedHart(memory);
        image = new RamImage(memory);
        openLogAndCopyAll();
    }

    @AfterEach
    final void end() {
        memory.dirtyLog(DirtyLog.NONE);
        log.close();
        memory.close();
    }

    @Test
    @WhenBroken("mark sets the page in the running epoch; flip ends it; collect gives what ended epochs hold, once")
    void aStoreIsCollectedOnceAfterItsEpochEnded() {
        store(7, 1);
        assertCollected(nextEpoch(), 7);
        assertCollected(nextEpoch());
        store(7, 2);
        store(8, 2);
        assertCollected(nextEpoch(), 7, 8);
    }

    @Test
    @WhenBroken("collect must not give pages of the epoch that still runs: they may be written again, unmarked")
    void aStoreIsCollectedWhenItsEpochEndsAndByALogOfMarksNotBefore() {
        store(7, 1);
        PageSet early = collect();
        PageSet afterwards = nextEpoch();
        if (log.barrier() == Barrier.NONE) {
            early.addAll(afterwards);
            assertTrue(early.contains(7));
        } else {
            assertCollected(early);
            assertCollected(afterwards, 7);
            assertCollected(collect());
        }
    }

    @Test
    void nothingIsCollectedWhenNothingWasWritten() {
        for (int epoch = 0; epoch < 4; epoch++) {
            assertCollected(nextEpoch());
        }
    }

    @Test
    @WhenBroken("Is the bitmap long enough, its last word too?")
    void everyPageFromTheFirstByteOfRamToTheLastIsFound() {
        hart.store(BASE, 1);
        hart.store(BASE + memory.size() - Long.BYTES, 1);
        assertCollected(nextEpoch(), 0, PAGES - 1);
        long[] all = LongStream.range(0, PAGES).toArray();
        for (long page : all) {
            store(page, 2);
        }
        assertCollected(nextEpoch(), all);
    }

    @Test
    @WhenBroken("A store may touch two pages, or two cards")
    void aStoreAcrossAPageEdgeIsFoundOnBothPages() {
        hart.store(BASE + 64 * PAGE - 1, -1);
        assertCollected(nextEpoch(), 63, 64);
        hart.store(BASE + 65 * PAGE - Long.BYTES + 1, -1);
        assertCollected(nextEpoch(), 64, 65);
    }

    @Test
    @WhenBroken("Devices call mark for each page after they have stored")
    void whatADeviceWritesIsFoundOnEveryPageThatItTouches() throws BusFault {
        memory.write(BASE + 10 * PAGE - 1, filled(2 * PAGE + 1), 0, 2 * PAGE + 1);
        assertCollected(nextEpoch(), 9, 10, 11);
        memory.write(BASE + memory.size() - 1, filled(1), 0, 1);
        assertCollected(nextEpoch(), PAGES - 1);
    }

    @Test
    @WhenBroken("barrier() says what engines do at a store; the log may rely on nothing else")
    void whatTheBarrierAsksForAloneFindsAStore() {
        for (long offset : new long[] {0, 5 * PAGE + 123, 9 * PAGE - 4, 128 * PAGE - 1, memory.size() - Long.BYTES}) {
            if (log.barrier() == Barrier.EVERY_STORE) {
                long host = memory.hostAddress() + offset;
                HostMemory.putLong(host, -1);
                hart.markCards(host, Long.BYTES);
            } else {
                hart.store(BASE + offset, -1);
            }
            assertCollected(nextEpoch(), LongStream.of(offset / PAGE, (offset + Long.BYTES - 1) / PAGE).distinct().toArray());
        }
    }

    @Test
    void onlyALogThatWantsCardsHasATable() {
        if (log.barrier() == Barrier.EVERY_STORE) {
            assertTrue(log.cardTable() != 0 && log.cardShift() > 0);
        } else {
            assertThrows(UnsupportedOperationException.class, log::cardTable);
            assertThrows(UnsupportedOperationException.class, log::cardShift);
        }
    }

    @Test
    @WhenBroken("flip may come twice before a collect: what was not collected must be kept")
    void epochsThatNobodyCollectedAreNotLost() {
        for (int flips = 1; flips <= 5; flips++) {
            store(2, flips);
            flip();
            store(3, flips);
            for (int i = 0; i < flips; i++) {
                flip();
            }
            assertCollected(collectAndCopy(), 2, 3);
            assertCollected(nextEpoch());
        }
    }

    @Test
    @WhenBroken("collect adds to the set that it is given; others have put pages into it")
    void collectingAddsToTheSetAndRemovesNothing() {
        PageSet set = PageSet.none(PAGES);
        set.add(100);
        store(101, 1);
        flip();
        log.collect(set);
        assertCollected(set, 100, 101);
    }

    @Test
    @WhenBroken("What counts is what the image holds (copied), not what RAM held at the last look")
    void aPageThatWasChangedCopiedAndChangedBackIsCopiedAgain() {
        store(7, 1);
        assertCollected(nextEpoch(), 7);
        store(7, 2);
        assertCollected(nextEpoch(), 7);
        store(7, 1);
        assertCollected(nextEpoch(), 7);
        assertTrue(image.differences().isEmpty());
    }

    @Test
    @WhenBroken("A store during or after the copy of a page must bring the page back in a later epoch")
    void aCopyTornByAStoreIsMadeGoodInALaterEpoch() {
        store(7, 1);
        flip();
        PageSet pending = collect();
        image.copy(pending, log);
        store(7, 2);
        assertFalse(image.differences().isEmpty());
        assertCollected(nextEpoch(), 7);
        assertTrue(image.differences().isEmpty());
    }

    @Test
    @WhenBroken("The copy that copied() reports may be older than RAM is by then")
    void aStoreBetweenACopyAndItsReportIsFound() {
        long copy = image.copy(7);
        store(7, 1);
        log.copied(7, copy);
        assertCollected(nextEpoch(), 7);
    }

    @Test
    @WhenBroken("One tracker serves several machines at once: keep what belongs to one in the log, not in the tracker")
    void logsOfTwoMemoriesDoNotMix() {
        try (PhysicalMemory other = memoryPart().create(BASE, PAGES * PAGE)) {
            DirtyLog otherLog = tracker().open(other);
            other.dirtyLog(otherLog);
            new RamImage(other).copy(PageSet.all(PAGES), otherLog);
            new SimulatedHart(other).store(BASE + 20 * PAGE, 1);
            store(10, 1);
            otherLog.flip();
            assertCollected(nextEpoch(), 10);
            PageSet others = PageSet.none(PAGES);
            otherLog.collect(others);
            assertCollected(others, 20);
            otherLog.close();
            store(11, 1);
            assertCollected(nextEpoch(), 11);
        }
    }

    @Test
    @WhenBroken("open gives a log of its own, with nothing in it")
    void aNewLogBeginsEmpty() {
        store(7, 1);
        log.close();
        openLogAndCopyAll();
        assertCollected(nextEpoch());
    }

    @Test
    void closingTwiceAndMarkingLateDoNoHarm() {
        memory.dirtyLog(DirtyLog.NONE);
        log.close();
        assertDoesNotThrow(log::close);
        assertDoesNotThrow(() -> log.mark(PAGES - 1), "a device that read the log before it was exchanged");
    }

    /**
     * Devices: a mark that returned before a flip is collected after it, or was already collected after a flip during which it was made.
     */
    @Test
    @WhenBroken("mark may run while flip does, on another thread: set the bit atomically, then see whether the epoch is still the same")
    void marksThatRaceWithFlipsAreNeverLostUnlessTheLogNeedsNone() throws InterruptedException {
        if (log.barrier() == Barrier.NONE) {
            log.mark(7);
            assertCollected(nextEpoch());
            return;
        }
        List<Marker> markers = LongStream.range(0, 3).mapToObj(first -> new Marker(log, first, 3, PAGES)).toList();
        PageSet arrived = PageSet.none(PAGES);
        try {
            long end = System.nanoTime() + RACE_NANOS;
            while (System.nanoTime() < end) {
                markers.forEach(Marker::look);
                flip();
                log.collect(arrived);
                markers.forEach(marker -> marker.check(arrived));
            }
        } finally {
            for (Marker marker : markers) {
                marker.stop();
            }
        }
        for (Marker marker : markers) {
            assertTrue(marker.marks() > 100, "the race was hardly run");
        }
    }

    /** The race that matters: pages are copied round after round while they are written; the rest is copied at a pause. */
    @Test
    @WhenBroken("A write was lost in the race of writers, flip, collect and copy: see the discipline in DirtyLog")
    void theImageEqualsRamThoughHartAndDeviceWroteAllTheWhile() throws InterruptedException {
        memory.dirtyLog(DirtyLog.NONE);
        SimulatedGuest guest = new SimulatedGuest(memory, 42);
        try {
            long end = System.nanoTime() + RACE_NANOS;
            for (int checkpoint = 0; System.nanoTime() < end || checkpoint < 10; checkpoint++) {
                checkpointOf(guest);
            }
        } finally {
            guest.stop();
        }
    }

    private void checkpointOf(SimulatedGuest guest) {
        guest.handshake(() -> {
            log.close();
            log = tracker().open(memory);
            memory.dirtyLog(log);
        });
        PageSet pending = PageSet.all(PAGES);
        for (int round = 0; round < ROUNDS; round++) {
            guest.awaitWrites();
            image.copy(pending, log);
            guest.handshake(log::flip);
            pending = collect();
        }
        PageSet rest = pending;
        guest.paused(() -> {
            log.flip();
            log.collect(rest);
            image.copy(rest, log);
            assertEquals(PageSet.none(PAGES), image.differences(), "pages on which image and RAM differ");
            memory.dirtyLog(DirtyLog.NONE);
        });
    }

    private void openLogAndCopyAll() {
        log = tracker().open(memory);
        memory.dirtyLog(log);
        hart.flushWrites();
        image.copy(PageSet.all(PAGES), log);
    }

    private void store(long page, long value) {
        hart.store(BASE + page * PAGE + (value & 0xff8), value);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 0x5a);
        return bytes;
    }

    private void flip() {
        log.flip();
        hart.flushWrites();
    }

    private PageSet nextEpoch() {
        flip();
        return collectAndCopy();
    }

    private PageSet collectAndCopy() {
        PageSet pages = collect();
        image.copy(pages, log);
        return pages;
    }

    private PageSet collect() {
        PageSet pages = PageSet.none(PAGES);
        log.collect(pages);
        return pages;
    }

    private void assertCollected(PageSet actual, long... expected) {
        PageSet set = PageSet.none(PAGES);
        for (long page : expected) {
            set.add(page);
        }
        if (exact()) {
            assertEquals(list(set), list(actual));
        } else {
            set.removeAll(actual);
            assertEquals(List.of(), list(set), "pages that were written but not collected");
        }
    }

    private static List<Long> list(PageSet set) {
        return LongStream.iterate(set.next(0), page -> page >= 0, page -> set.next(page + 1)).boxed().toList();
    }
}
