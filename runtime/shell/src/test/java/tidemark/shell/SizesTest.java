package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.CommandError;

class SizesTest {
    @Test
    void unitsArePowersOfTwo() throws CommandError {
        assertEquals(512, Sizes.bytes("SIZE", "512", ""));
        assertEquals(512, Sizes.bytes("SIZE", "512B", "M"));
        assertEquals(512 << 20, Sizes.bytes("SIZE", "512", "M"));
        assertEquals(64 << 10, Sizes.bytes("SIZE", "64k", ""));
        assertEquals(3L << 30, Sizes.bytes("SIZE", " 3GiB ", "M"));
        assertEquals(1L << 40, Sizes.bytes("SIZE", "1T", ""));
    }

    @Test
    void whatIsNoSizeIsRefused() {
        for (String wrong : List.of("", "M", "-1", "1.5G", "1P", "9999999999T", "1GB2")) {
            assertEquals("SIZE '" + wrong + "' is no size; write it as 64M or 1G", assertThrows(CommandError.class, () -> Sizes.bytes("SIZE", wrong, ""))
                    .getMessage());
        }
    }

    @Test
    void sizesAreShownInTheLargestUnitThatIsExact() {
        assertEquals("0 B", Sizes.text(0));
        assertEquals("1 GiB", Sizes.text(1 << 30));
        assertEquals("1536 MiB", Sizes.text(1536 << 20));
        assertEquals("1 TiB", Sizes.text(1L << 40));
        assertEquals("1023 B", Sizes.text(1023));
    }
}
