package tidemark.api.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PageSetTest {
    /** On both sides of the ends of words and blocks. */
    private static final long[] CAPACITIES = {1, 63, 64, 65, 4095, 4096, 4097, 3 * 4096 + 70};

    private final Random random = new Random(4711);

    private static List<Long> members(PageSet set) {
        List<Long> members = new ArrayList<>();
        set.forEach(members::add);
        return members;
    }

    private static List<Long> steppedThrough(PageSet set) {
        List<Long> members = new ArrayList<>();
        for (long page = set.next(0); page >= 0; page = set.next(page + 1)) {
            members.add(page);
        }
        return members;
    }

    private static void assertHolds(TreeSet<Long> expected, PageSet set) {
        assertEquals(List.copyOf(expected), members(set));
        assertEquals(List.copyOf(expected), steppedThrough(set));
        assertEquals(expected.size(), set.size());
        assertEquals(expected.isEmpty(), set.isEmpty());
    }

    @Test
    void aSetHoldsWhatWasAddedAndNotRemoved() {
        for (long capacity : CAPACITIES) {
            PageSet set = PageSet.none(capacity);
            TreeSet<Long> model = new TreeSet<>();
            for (int i = 0; i < 2000; i++) {
                change(set, model, random.nextLong(capacity));
            }
            assertHolds(model, set);
            model.forEach(page -> assertTrue(set.contains(page)));
            set.clear();
            assertHolds(new TreeSet<>(), set);
        }
    }

    private void change(PageSet set, TreeSet<Long> model, long page) {
        if (random.nextInt(3) == 0) {
            set.remove(page);
            model.remove(page);
        } else {
            set.add(page);
            model.add(page);
        }
        assertEquals(model.contains(page), set.contains(page));
    }

    @Test
    void setsAreUnitedAndSubtracted() {
        for (long capacity : CAPACITIES) {
            TreeSet<Long> some = randomPages(capacity);
            TreeSet<Long> others = randomPages(capacity);
            PageSet united = setOf(capacity, some);
            united.addAll(setOf(capacity, others));
            PageSet left = setOf(capacity, some);
            left.removeAll(setOf(capacity, others));
            TreeSet<Long> union = new TreeSet<>(some);
            union.addAll(others);
            assertHolds(union, united);
            some.removeAll(others);
            assertHolds(some, left);
        }
    }

    private TreeSet<Long> randomPages(long capacity) {
        TreeSet<Long> pages = new TreeSet<>();
        random.longs(capacity / 2 + 1, 0, capacity).forEach(pages::add);
        return pages;
    }

    private static PageSet setOf(long capacity, TreeSet<Long> pages) {
        PageSet set = PageSet.none(capacity);
        pages.forEach(set::add);
        return set;
    }

    @Test
    void allPagesAreThoseOfTheRamAndNoMore() {
        for (long capacity : CAPACITIES) {
            PageSet all = PageSet.all(capacity);
            assertEquals(capacity, all.size());
            assertEquals(capacity - 1, members(all).getLast());
            assertEquals(-1, all.next(capacity));
        }
    }

    @Test
    void bitsBeyondTheLastPageAreNoMembers() {
        PageSet set = PageSet.none(70);
        set.addWord(1, -1L);
        assertEquals(List.of(64L, 65L, 66L, 67L, 68L, 69L), members(set));
        assertThrows(IndexOutOfBoundsException.class, () -> set.addWord(2, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> set.add(70));
        assertThrows(IndexOutOfBoundsException.class, () -> set.contains(-1));
    }

    @Test
    void equalSetsHaveEqualMembersWhateverWasInThem() {
        PageSet set = PageSet.none(10_000);
        set.add(5000);
        PageSet copy = set.copy();
        assertEquals(set, copy);
        copy.add(9000);
        assertNotEquals(set, copy);
        copy.remove(9000);
        assertEquals(set, copy);
        assertEquals(set.hashCode(), copy.hashCode());
    }

    /** Its memory, which has to be made and walked through, grows with its members, not with RAM. */
    @Test
    void aSetOfFewPagesOfALargeRamTakesLittleMemory() {
        long pages = 64L << 30 >>> PhysicalMemory.PAGE_SHIFT;
        PageSet.none(pages).add(1);
        long before = allocated();
        PageSet set = PageSet.none(pages);
        for (int i = 0; i < 10; i++) {
            set.add(pages - 1 - i);
        }
        long taken = allocated() - before;
        assertTrue(taken < 64 << 10, taken + " bytes");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void nextAbsentEndsARun() {
        PageSet set = PageSet.none(10_000);
        for (long page = 100; page < 5000; page++) {
            set.add(page);
        }
        set.add(9999);
        assertEquals(0, set.nextAbsent(0));
        assertEquals(99, set.nextAbsent(99));
        assertEquals(5000, set.nextAbsent(100));
        assertEquals(5000, set.nextAbsent(4096));
        assertEquals(5001, set.nextAbsent(5001));
        assertEquals(10_000, set.nextAbsent(9999));
        assertEquals(77, PageSet.all(77).nextAbsent(0));
        assertEquals(77, PageSet.all(77).nextAbsent(64));
    }
}
