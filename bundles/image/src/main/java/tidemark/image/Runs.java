package tidemark.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tidemark.api.checkpoint.PageBatch;

/**
 * The page numbers of a section of pages: runs of consecutive pages, all with data or all zero, in the order in which they were written.
 *
 * @param words one for each run, as in the file: first page (32 bits), number of pages (16), kind (16)
 */
record Runs(long[] words) {
    static final int MAX = PageBatch.MAX_PAGES;
    private static final int ZERO = 0;
    private static final int DATA = 1;

    static Runs of(PageBatch batch) {
        long[] words = new long[batch.count()];
        int runs = 0;
        for (int i = 0; i < batch.count(); i++) {
            int kind = batch.isZero(i) ? ZERO : DATA;
            if (i > 0 && batch.page(i) == batch.page(i - 1) + 1 && batch.isZero(i) == batch.isZero(i - 1)) {
                words[runs - 1] += 1 << 16;
            } else {
                words[runs++] = batch.page(i) << 32 | 1 << 16 | kind;
            }
        }
        return new Runs(Arrays.copyOf(words, runs));
    }

    static Runs decode(ByteBuffer bytes) {
        long[] words = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(words);
        return new Runs(words);
    }

    void encode(ByteBuffer into) {
        for (long word : words) {
            into.putLong(word);
        }
    }

    int size() {
        return words.length;
    }

    long first(int run) {
        return words[run] >>> 32;
    }

    int count(int run) {
        return (int) (words[run] >>> 16) & 0xFFFF;
    }

    boolean isData(int run) {
        return (words[run] & 0xFFFF) == DATA;
    }

    /** Pages with data, or pages of zeros. */
    int pages(boolean data) {
        int sum = 0;
        for (int run = 0; run < words.length; run++) {
            sum += isData(run) == data ? count(run) : 0;
        }
        return sum;
    }

    /** What is wrong with them, for a RAM of that many pages and a payload of that length; null if nothing is. */
    String fault(long ramPages, long payload) {
        for (int run = 0; run < words.length; run++) {
            int kind = (int) words[run] & 0xFFFF;
            if (kind != ZERO && kind != DATA) {
                return "run " + run + " is of unknown kind " + kind;
            }
            if (count(run) == 0 || first(run) + count(run) > ramPages) {
                return "run " + run + " is of " + count(run) + " pages from " + first(run) + ", RAM has " + ramPages;
            }
        }
        int data = pages(true);
        if (data + pages(false) > PageBatch.MAX_PAGES) {
            return data + pages(false) + " pages, allowed are " + PageBatch.MAX_PAGES;
        }
        if ((long) data * PageMap.PAGE != payload) {
            return data + " pages with data in " + payload + " bytes";
        }
        return words.length == 0 ? "there are no pages in it" : null;
    }
}
