package tidemark.guest.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * A module of the kernel, an ELF file.
 *
 * @param name with underscores, as the kernel has it
 * @param content unpacked and without its signature
 * @param depends names of modules that have to be there before it
 * @param aliases what it is asked for as: patterns of devices, file systems, algorithms
 */
record KernelModule(String name, byte[] content, List<String> depends, List<String> aliases) {
    static final String SUFFIX = ".ko.xz";
    private static final byte[] SIGNED = "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);
    /** Of {@code struct module_signature}, whose last field is the signature's length. */
    private static final int SIGNATURE_BYTES = 12;

    static String name(Path file) {
        return file.getFileName().toString().replace(SUFFIX, "").replace('-', '_');
    }

    static KernelModule read(Path file) throws IOException {
        try (InputStream in = new XZInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return of(name(file), in.readAllBytes());
        }
    }

    static KernelModule of(String name, byte[] elf) throws IOException {
        List<String> information = information(name, elf);
        List<String> depends = values(information, "depends").flatMap(value -> Arrays.stream(value.split(","))).filter(value -> !value.isEmpty())
                .map(value -> value.replace('-', '_')).toList();
        return new KernelModule(name, withoutSignature(elf), depends, values(information, "alias").toList());
    }

    /*
     * Verifying it takes the guest 35 million instructions and 140 for each byte, for ext4 a thousand million: more than the whole of the boot
     * before. The package that it comes from was verified on the host.
     */
    private static byte[] withoutSignature(byte[] elf) {
        int end = elf.length - SIGNED.length;
        if (end < SIGNATURE_BYTES || !Arrays.equals(elf, end, elf.length, SIGNED, 0, SIGNED.length)) {
            return elf;
        }
        int length = ByteBuffer.wrap(elf).getInt(end - Integer.BYTES);
        return Arrays.copyOf(elf, Math.clamp(end - SIGNATURE_BYTES - (long) length, 0, elf.length));
    }

    private static Stream<String> values(List<String> information, String key) {
        return information.stream().filter(entry -> entry.startsWith(key + "=")).map(entry -> entry.substring(key.length() + 1));
    }

    /** The entries, key=value, of the section {@code .modinfo}. */
    private static List<String> information(String name, byte[] file) throws IOException {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        try {
            long sections = elf.getLong(0x28);
            int size = elf.getShort(0x3a);
            int names = Math.toIntExact(elf.getLong(Math.toIntExact(sections + (long) size * elf.getShort(0x3e)) + 0x18));
            for (int i = 0; i < elf.getShort(0x3c); i++) {
                int section = Math.toIntExact(sections + (long) size * i);
                if (string(file, names + elf.getInt(section)).equals(".modinfo")) {
                    int from = Math.toIntExact(elf.getLong(section + 0x18));
                    int length = Math.toIntExact(elf.getLong(section + 0x20));
                    return List.of(new String(file, from, length, StandardCharsets.UTF_8).split("\0+"));
                }
            }
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IOException("module " + name + " is no ELF file", e);
        }
        throw new IOException("module " + name + " has no section .modinfo");
    }

    private static String string(byte[] file, int from) {
        int to = from;
        while (file[to] != 0) {
            to++;
        }
        return new String(file, from, to - from, StandardCharsets.UTF_8);
    }
}
