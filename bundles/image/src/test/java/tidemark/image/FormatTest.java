package tidemark.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static tidemark.image.Images.PAGE;
import static tidemark.image.Images.batch;
import static tidemark.image.Images.filled;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.state.State;

/** Version 1 is what the README says: images made by hand from its tables, compared byte by byte. A change here needs a new version. */
class FormatTest {
    private static final byte[] STATES = hex("00000001" + "0002" + "6870" + "00000003" + "00000002"
            + "0001" + "62" + "02" + "00000002" + "BEEF" + "0001" + "6E" + "01" + "0000000000000105");
    private static final byte[] MANIFEST = hex("00000001" + "00000001" + "6B" + "00000002" + "C2B5");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private byte[] previous;

    private byte[] written(Layout layout) throws IOException {
        Path file = folder.resolve("image");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ImageEncoder image = Images.begin(layout, channel, 9);
            image.writePages(batch(Map.of(0L, filled(1), 1L, filled(2), 2L, new byte[PAGE], 3L, new byte[PAGE], 8L, filled(3))));
            image.writeStates(List.of(new State("hp", 3).put("n", 0x105).put("b", new byte[] {(byte) 0xBE, (byte) 0xEF})));
            image.finish(Map.of("k", "µ"));
        }
        return Files.readAllBytes(file);
    }

    @Test
    void aStreamIsAsTheReadmeSays() throws IOException {
        header("STRM");
        section("PAGE", hex("00000000" + "0002" + "0001" + "00000002" + "0002" + "0000" + "00000008" + "0001" + "0001"),
                join(filled(1), filled(2), filled(3)));
        section("STAT", new byte[0], STATES);
        section("MANI", new byte[0], MANIFEST);
        section("END ", new byte[0], new byte[0]);
        assertArrayEquals(bytes.toByteArray(), written(Layout.STREAM));
    }

    @Test
    void aMappedImageIsAsTheReadmeSays() throws IOException {
        header("MAPD");
        bytes.write(new byte[4096 - 32]);
        bytes.write(join(filled(1), filled(2), new byte[6 * PAGE], filled(3)));
        section("PMAP", new byte[0], join(hex("03" + "01"), crc(filled(1)), crc(filled(2)), crc(filled(3))));
        section("STAT", new byte[0], STATES);
        section("MANI", new byte[0], MANIFEST);
        section("END ", new byte[0], new byte[0]);
        assertArrayEquals(bytes.toByteArray(), written(Layout.MAPPED));
    }

    private void header(String layout) throws IOException {
        byte[] header = join(hex("89544D490D0A1A0A"), layout.getBytes(US_ASCII), hex("00000001" + "0000000000000009" + "00001000"));
        previous = crc(header);
        bytes.write(join(header, previous));
    }

    private void section(String type, byte[] runs, byte[] payload) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(header);
        out.writeBytes(type);
        out.writeInt(runs.length / 8);
        out.writeLong(payload.length);
        out.write(join(crc(runs), crc(payload), previous));
        previous = crc(header.toByteArray());
        bytes.write(join(header.toByteArray(), previous, runs, payload));
    }

    private static byte[] crc(byte[] of) {
        CRC32C crc = new CRC32C();
        crc.update(of);
        return HexFormat.of().parseHex(String.format("%08x", crc.getValue()));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
