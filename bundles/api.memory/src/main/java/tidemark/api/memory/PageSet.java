package tidemark.api.memory;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A set of page numbers of one RAM, as bits in blocks of 4,096 pages (16 MiB). A block exists from its first member on and knows which of
 * its words have members. So every operation takes time for the members that there are, and next to none for the size of RAM. Not
 * thread-safe.
 */
public final class PageSet {
    private static final int BLOCK_SHIFT = 12;
    private static final int WORDS = 64;

    private final long pages;
    /** Null for a block that never had a member. */
    private final Block[] blocks;

    private PageSet(long pages) {
        this.pages = pages;
        this.blocks = new Block[Math.toIntExact((pages + (1 << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT)];
    }

    /** @param pages the number of pages of the RAM; members are 0 to pages - 1 */
    public static PageSet none(long pages) {
        return new PageSet(pages);
    }

    public static PageSet all(long pages) {
        PageSet set = none(pages);
        for (int index = 0; index < (pages + 63) >>> 6; index++) {
            set.addWord(index, -1L);
        }
        return set;
    }

    public PageSet copy() {
        PageSet copy = none(pages);
        copy.addAll(this);
        return copy;
    }

    /** The number of pages of the RAM. */
    public long capacity() {
        return pages;
    }

    /** The number of members; counts them. */
    public long size() {
        long count = 0;
        for (Block block : blocks) {
            count += block == null ? 0 : block.size();
        }
        return count;
    }

    public boolean isEmpty() {
        return next(0) < 0;
    }

    public boolean contains(long page) {
        check(page);
        Block block = blocks[(int) (page >>> BLOCK_SHIFT)];
        return block != null && (block.words[wordOf(page)] & 1L << page) != 0;
    }

    public void add(long page) {
        check(page);
        block((int) (page >>> BLOCK_SHIFT)).add(wordOf(page), 1L << page);
    }

    public void remove(long page) {
        check(page);
        Block block = blocks[(int) (page >>> BLOCK_SHIFT)];
        if (block != null) {
            block.remove(wordOf(page), 1L << page);
        }
    }

    /** Adds the pages index * 64 + i for each bit i of {@code bits}. */
    public void addWord(int index, long bits) {
        long first = (long) index << 6;
        check(first);
        long members = pages - first < 64 ? bits & (1L << pages) - 1 : bits;
        if (members != 0) {
            block((int) (first >>> BLOCK_SHIFT)).add(wordOf(first), members);
        }
    }

    public void addAll(PageSet other) {
        checkSame(other);
        for (int i = 0; i < blocks.length; i++) {
            if (other.blocks[i] != null) {
                block(i).addAll(other.blocks[i]);
            }
        }
    }

    public void removeAll(PageSet other) {
        checkSame(other);
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != null && other.blocks[i] != null) {
                blocks[i].removeAll(other.blocks[i]);
            }
        }
    }

    public void clear() {
        Arrays.fill(blocks, null);
    }

    /** The smallest member that is at least {@code from}, or -1. */
    public long next(long from) {
        if (from >= pages) {
            return -1;
        }
        int index = (int) (from >>> BLOCK_SHIFT);
        long found = blocks[index] == null ? -1 : blocks[index].next((int) from & (1 << BLOCK_SHIFT) - 1);
        while (found < 0 && ++index < blocks.length) {
            found = blocks[index] == null ? -1 : blocks[index].next(0);
        }
        return found < 0 ? -1 : ((long) index << BLOCK_SHIFT) + found;
    }

    /** The smallest page from {@code from} on that is no member; the number of pages if all are members. */
    public long nextAbsent(long from) {
        long page = from;
        while (page < pages) {
            Block block = blocks[(int) (page >>> BLOCK_SHIFT)];
            long absent = block == null ? -1 : ~block.words[wordOf(page)] & -1L << page;
            if (absent != 0) {
                return block == null ? page : Math.min(pages, (page & -64) + Long.numberOfTrailingZeros(absent));
            }
            page = (page & -64) + 64;
        }
        return pages;
    }

    /** Calls {@code action} with every member in ascending order. */
    public void forEach(LongConsumer action) {
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != null) {
                blocks[i].forEach((long) i << BLOCK_SHIFT, action);
            }
        }
    }

    private Block block(int index) {
        if (blocks[index] == null) {
            blocks[index] = new Block();
        }
        return blocks[index];
    }

    private static int wordOf(long page) {
        return (int) (page >>> 6) & WORDS - 1;
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
        if (!(other instanceof PageSet set) || set.pages != pages) {
            return false;
        }
        for (int i = 0; i < blocks.length; i++) {
            if (!Arrays.equals(wordsOf(blocks[i]), wordsOf(set.blocks[i]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = Long.hashCode(pages);
        for (Block block : blocks) {
            hash = 31 * hash + Arrays.hashCode(wordsOf(block));
        }
        return hash;
    }

    private static long[] wordsOf(Block block) {
        return block == null ? Block.EMPTY : block.words;
    }

    @Override
    public String toString() {
        return size() + " of " + pages + " pages";
    }

    /** 4,096 pages. */
    private static final class Block {
        static final long[] EMPTY = new long[WORDS];
        final long[] words = new long[WORDS];
        /** Bit i says that word i has members. */
        private long used;

        void add(int word, long bits) {
            words[word] |= bits;
            used |= 1L << word;
        }

        void remove(int word, long bits) {
            words[word] &= ~bits;
            if (words[word] == 0) {
                used &= ~(1L << word);
            }
        }

        void addAll(Block other) {
            for (long rest = other.used; rest != 0; rest &= rest - 1) {
                int word = Long.numberOfTrailingZeros(rest);
                add(word, other.words[word]);
            }
        }

        void removeAll(Block other) {
            for (long rest = used & other.used; rest != 0; rest &= rest - 1) {
                int word = Long.numberOfTrailingZeros(rest);
                remove(word, other.words[word]);
            }
        }

        long size() {
            long count = 0;
            for (long rest = used; rest != 0; rest &= rest - 1) {
                count += Long.bitCount(words[Long.numberOfTrailingZeros(rest)]);
            }
            return count;
        }

        /** The smallest member from {@code from} on, or -1; both in this block. */
        int next(int from) {
            int word = from >>> 6;
            long bits = words[word] & -1L << from;
            if (bits == 0) {
                long later = word == WORDS - 1 ? 0 : used & -1L << word + 1;
                if (later == 0) {
                    return -1;
                }
                word = Long.numberOfTrailingZeros(later);
                bits = words[word];
            }
            return (word << 6) + Long.numberOfTrailingZeros(bits);
        }

        void forEach(long base, LongConsumer action) {
            for (long rest = used; rest != 0; rest &= rest - 1) {
                int word = Long.numberOfTrailingZeros(rest);
                for (long bits = words[word]; bits != 0; bits &= bits - 1) {
                    action.accept(base + ((long) word << 6) + Long.numberOfTrailingZeros(bits));
                }
            }
        }
    }
}
