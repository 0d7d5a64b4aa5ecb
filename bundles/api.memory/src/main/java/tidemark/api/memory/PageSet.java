package tidemark.api.memory;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A set of page numbers of one RAM, as bits. Not thread-safe. */
public final class PageSet {
    private final long pages;
    private final long[] words;

    private PageSet(long pages, long[] words) {
        this.pages = pages;
        this.words = words;
    }

    /** @param pages the number of pages of the RAM; members are 0 to pages - 1 */
    public static PageSet none(long pages) {
        return new PageSet(pages, new long[Math.toIntExact((pages + 63) >>> 6)]);
    }

    public static PageSet all(long pages) {
        PageSet set = none(pages);
        Arrays.fill(set.words, -1L);
        if ((pages & 63) != 0) {
            set.words[set.words.length - 1] = (1L << pages) - 1;
        }
        return set;
    }

    public PageSet copy() {
        return new PageSet(pages, words.clone());
    }

    /** The number of pages of the RAM. */
    public long capacity() {
        return pages;
    }

    /** The number of members; counts them. */
    public long size() {
        long count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    public boolean isEmpty() {
        return next(0) < 0;
    }

    public boolean contains(long page) {
        check(page);
        return (words[(int) (page >>> 6)] & 1L << page) != 0;
    }

    public void add(long page) {
        check(page);
        words[(int) (page >>> 6)] |= 1L << page;
    }

    public void remove(long page) {
        check(page);
        words[(int) (page >>> 6)] &= ~(1L << page);
    }

    /** Adds the pages index * 64 + i for each bit i of {@code bits}. */
    public void addWord(int index, long bits) {
        long valid = index == words.length - 1 && (pages & 63) != 0 ? (1L << pages) - 1 : -1L;
        words[index] |= bits & valid;
    }

    public void addAll(PageSet other) {
        checkSame(other);
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
    }

    public void removeAll(PageSet other) {
        checkSame(other);
        for (int i = 0; i < words.length; i++) {
            words[i] &= ~other.words[i];
        }
    }

    public void clear() {
        Arrays.fill(words, 0);
    }

    /** The smallest member that is at least {@code from}, or -1. */
    public long next(long from) {
        if (from >= pages) {
            return -1;
        }
        int index = (int) (from >>> 6);
        long word = words[index] & -1L << from;
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = words[index];
        }
        return ((long) index << 6) + Long.numberOfTrailingZeros(word);
    }

    /** Calls {@code action} with every member in ascending order. */
    public void forEach(LongConsumer action) {
        for (int index = 0; index < words.length; index++) {
            for (long word = words[index]; word != 0; word &= word - 1) {
                action.accept(((long) index << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }

    private void check(long page) {
        if (page < 0 || page >= pages) {
            throw new IndexOutOfBoundsException("Page " + page + " of " + pages);
        }
    }

    private void checkSame(PageSet other) {
        if (other.pages != pages) {
            throw new IllegalArgumentException("Sets of different RAMs: " + pages + " and " + other.pages + " pages");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageSet set && set.pages == pages && Arrays.equals(set.words, words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return size() + " of " + pages + " pages";
    }
}
