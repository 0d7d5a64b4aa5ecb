package tidemark.disk.overlay;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import tidemark.disk.Storage;

/** The part of the bitmap that a host writes as a whole or not at all. Any thread; bits are only ever set. */
final class BitmapSector {
    static final int BYTES = 512;
    static final int WORDS = 63;
    private static final int NUMBER_AT = WORDS * Long.BYTES;
    private static final int CHECKSUM_AT = NUMBER_AT + Integer.BYTES;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final int number;
    private final long[] words = new long[WORDS];
    private final AtomicBoolean changed = new AtomicBoolean();

    BitmapSector(int number) {
        this.number = number;
    }

    long offset() {
        return Geometry.sectorOffset(number);
    }

    long word(int index) {
        return (long) WORD.getAcquire(words, index);
    }

    /** @return whether it changes now, for the first time since {@link #takeChange} */
    boolean set(int index, long bits) {
        WORD.getAndBitwiseOr(words, index, bits);
        return markChanged();
    }

    boolean markChanged() {
        return changed.compareAndSet(false, true);
    }

    /** As it is now; what is set from now on is the next change. */
    ByteBuffer takeChange(long identity) {
        changed.set(false);
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        for (int i = 0; i < WORDS; i++) {
            bytes.putLong((long) WORD.getVolatile(words, i));
        }
        bytes.putInt(number);
        return bytes.putInt(Damage.checksum(bytes.duplicate().flip(), identity)).flip();
    }

    /** Null for a sector that was never written. */
    static BitmapSector decode(Storage file, Header header, int number, ByteBuffer bytes) throws IOException {
        BitmapSector sector = new BitmapSector(number);
        long any = bytes.getLong(NUMBER_AT);
        for (int i = 0; i < WORDS; i++) {
            any |= sector.words[i] = bytes.getLong(i * Long.BYTES);
        }
        if (any == 0) {
            return null;
        }
        if (bytes.getInt(NUMBER_AT) != number || bytes.getInt(CHECKSUM_AT) != Damage.checksum(bytes.slice(0, CHECKSUM_AT), header.identity())) {
            throw Damage.at(file, sector.offset(), "wrong checksum of the bitmap");
        }
        if (sector.hasBitsFrom(header.geometry().blocks() - (long) number * WORDS * Long.SIZE)) {
            throw Damage.at(file, sector.offset(), "the bitmap has blocks behind the end of the disk");
        }
        return sector;
    }

    private boolean hasBitsFrom(long block) {
        long behind = 0;
        for (int i = 0; i < WORDS; i++) {
            long allowed = block - (long) i * Long.SIZE;
            behind |= allowed >= Long.SIZE ? 0 : allowed <= 0 ? words[i] : words[i] >>> allowed;
        }
        return behind != 0;
    }
}
