package tidemark.cpu.nativecode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import tidemark.cpu.nativecode.cache.CodeMemory;
import tidemark.cpu.nativecode.x86.X86BackEnd;

/**
 * The way from Java into machine code, one for all harts. It works on Java's own arrays (registers and TLBs), so it is a
 * <em>critical</em> call: the JVM's safepoints wait for it, and it must come back within some microseconds.
 */
final class Entrance {
    private static final int BYTES = 4096;
    private static final CodeMemory CODE = new CodeMemory(BYTES);
    private static final MethodHandle ENTER = handle();

    private Entrance() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
        byte[] code = X86BackEnd.entrance();
        long address = CODE.address(CODE.add(code, code.length));
        return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(address),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                Linker.Option.critical(true));
    }

    /**
     * Executes code.
     *
     * @param x an array of {@code long}, as the next one
     * @param tlbs by sstatus.SUM; the same twice where code must not change that bit
     * @return the number of the exit that was left by
     */
    static int enter(long code, long frame, MemorySegment x, MemorySegment f, Tlbs[] tlbs) {
        try {
            return (int) (long) ENTER.invokeExact(code, frame, x, f, tlbs[0].reads(), tlbs[0].writes(), tlbs[1].reads(), tlbs[1].writes());
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot enter machine code", e);
        }
    }
}
