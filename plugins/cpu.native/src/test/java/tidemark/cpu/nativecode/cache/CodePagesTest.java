package tidemark.cpu.nativecode.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.memory.HostMemory;

/** Either way to have pages for code: which one a host allows is its kernel's choice. */
class CodePagesTest {
    private static final int BYTES = 1 << 22;

    static Stream<IntFunction<CodePages>> ways() {
        return Stream.of(HugeCodePages::of, SharedCodePages::new);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsWrittenIsThere(IntFunction<CodePages> way) {
        try (CodePages pages = way.apply(BYTES)) {
            assumeTrue(pages != null, "this host's kernel does not let memory be written through /proc/self/mem");
            byte[] code = new byte[70_000];
            for (int i = 0; i < code.length; i++) {
                code[i] = (byte) (i * 31);
            }
            for (int at : List.of(0, 4090, (2 << 20) - 5, BYTES - code.length)) {
                pages.write(at, code, code.length);
                pages.write(at + 5, 0x1234_5678);
                assertEquals(code[0], HostMemory.getByte(pages.address() + at));
                assertEquals(0x1234_5678, HostMemory.getInt(pages.address() + at + 5));
                assertEquals(code[code.length - 1], HostMemory.getByte(pages.address() + at + code.length - 1));
            }
        }
    }
}
