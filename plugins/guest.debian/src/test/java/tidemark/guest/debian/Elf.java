package tidemark.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** The least of a kernel module that says something of itself: an ELF file with the sections .modinfo and .shstrtab. */
final class Elf {
    private static final int HEADER = 64;
    private static final int SECTION = 64;

    private Elf() {}

    /** @param information entries key=value */
    static byte[] module(String... information) {
        byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
        byte[] entries = (String.join("\0", information) + "\0").getBytes(StandardCharsets.UTF_8);
        int end = HEADER + names.length + entries.length;
        ByteBuffer elf = ByteBuffer.allocate(end + 3 * SECTION).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).putLong(0x28, end).putShort(0x3a, (short) SECTION).putShort(0x3c, (short) 3).putShort(0x3e, (short) 2);
        elf.put(HEADER, names).put(HEADER + names.length, entries);
        section(elf, end + SECTION, 1, HEADER + names.length, entries.length);
        section(elf, end + 2 * SECTION, 10, HEADER, names.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int at, int name, int offset, int size) {
        elf.putInt(at, name).putLong(at + 0x18, offset).putLong(at + 0x20, size);
    }

    /** As the kernel's sign-file appends it. */
    static byte[] signed(byte[] module, int length) {
        ByteBuffer signature = ByteBuffer.allocate(length + 12);
        signature.putInt(length + 8, length);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes(module);
        signed.writeBytes(signature.array());
        signed.writeBytes("~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII));
        return signed.toByteArray();
    }

    static void compress(byte[] module, Path file) {
        try {
            Files.createDirectories(file.getParent());
            try (var out = new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(1), org.tukaani.xz.XZ.CHECK_CRC32)) {
                out.write(module);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
