package tidemark.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import tidemark.api.admission.AdmissionException;

/**
 * A bundle's jar as it was when it was read. These bytes are checked, digested and loaded; what happens to the file later does not matter.
 *
 * @param sha256 of the bytes, in hexadecimal
 */
record Candidate(Path file, byte[] bytes, String sha256, Attributes manifest, String symbolicName, Version version) {
    static final int MAX_BYTES = 64 << 20;
    private static final long MAX_UNPACKED_BYTES = 1L << 30;
    /** PKWARE's APPNOTE, 4.3.16: end of central directory record. */
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int END_TOTAL_ENTRIES = 10;
    private static final int END_DIRECTORY_SIZE = 12;
    private static final int END_DIRECTORY_OFFSET = 16;

    /**
     * @throws ZipException if it is no jar, or not all of one yet
     * @throws AdmissionException if it is one, but no bundle
     */
    static Candidate read(Path file) throws IOException, AdmissionException {
        if (!Files.isRegularFile(file)) {
            throw new AdmissionException(Files.isDirectory(file) ? "it is a folder; a bundle is a jar" : "it is no file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new AdmissionException("it has more than " + (MAX_BYTES >> 20) + " MiB; a bundle has less");
        }
        return of(file, bytes);
    }

    private static Candidate of(Path file, byte[] bytes) throws IOException, AdmissionException {
        Attributes manifest = manifest(bytes);
        String name = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw new AdmissionException("it is a jar but no OSGi bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME
                    + "; build it with bnd-maven-plugin");
        }
        try {
            return new Candidate(file, bytes, digest(bytes), manifest, name.replaceFirst(";.*", "").strip(),
                    Version.parseVersion(manifest.getValue(Constants.BUNDLE_VERSION)));
        } catch (IllegalArgumentException e) {
            throw new AdmissionException("its " + Constants.BUNDLE_VERSION + " is none: " + e.getMessage(), e);
        }
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    /** Reads all of it, so that a checksum that is wrong or an end that is missing is found before anything is loaded. */
    private static Attributes manifest(byte[] bytes) throws IOException {
        Manifest manifest = new Manifest();
        int entries = 0;
        long unpacked = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries++;
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    manifest.read(new ByteArrayInputStream(zip.readNBytes(MAX_BYTES)));
                }
                unpacked += zip.skip(MAX_UNPACKED_BYTES);
                if (unpacked >= MAX_UNPACKED_BYTES) {
                    throw new ZipException("unpacked it has more than " + (MAX_UNPACKED_BYTES >> 20) + " MiB");
                }
            }
        } catch (java.io.EOFException e) {
            throw (ZipException) new ZipException("it ends too early").initCause(e);
        }
        requireDirectoryOf(entries, bytes);
        return manifest.getMainAttributes();
    }

    private static void requireDirectoryOf(int entries, byte[] bytes) throws ZipException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int end = bytes.length - END_LENGTH; end >= Math.max(0, bytes.length - END_LENGTH - 0xFFFF); end--) {
            if (buffer.getInt(end) == END_SIGNATURE) {
                long directory = Integer.toUnsignedLong(buffer.getInt(end + END_DIRECTORY_OFFSET)) + Integer.toUnsignedLong(buffer.getInt(end
                        + END_DIRECTORY_SIZE));
                if (directory == end && Short.toUnsignedInt(buffer.getShort(end + END_TOTAL_ENTRIES)) == entries) {
                    return;
                }
            }
        }
        throw new ZipException(entries == 0 ? "it does not begin as one" : "its directory, which is at its end, is missing or damaged");
    }
}
