package tidemark.lab.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import tidemark.lab.results.RowFile;

/** The bundles of a platform, each with its version and the SHA-256 digest of its file: what exactly computed, saved and restored. */
public record Parts(List<Part> all) {
    private static final String HEAD = "bundle,version,sha256\n";

    /** @param sha256 of the bundle's file, in hexadecimal digits; empty if the bundle is no file */
    public record Part(String bundle, String version, String sha256) {
        String line() {
            return RowFile.quoted(bundle) + "," + RowFile.quoted(version) + "," + sha256 + "\n";
        }
    }

    public Parts {
        all = all.stream().sorted(Comparator.comparing(Part::line)).toList();
    }

    static Parts of(Bundle[] bundles) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Bundle bundle : bundles) {
            if (bundle.getBundleId() != 0) {
                parts.add(new Part(String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString(), digest(bundle.getLocation())));
            }
        }
        return new Parts(parts);
    }

    private static String digest(String location) throws IOException {
        String file = location.startsWith("reference:") ? location.substring("reference:".length()) : location;
        if (!file.startsWith("file:") || !Files.isRegularFile(Path.of(URI.create(file)))) {
            return "";
        }
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(Path.of(URI.create(file))), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    /** A line for each, as in {@code parts.csv}. */
    public String csv() {
        return HEAD + all.stream().map(Part::line).collect(Collectors.joining());
    }

    /** Of all of them together: the SHA-256 digest of {@link #csv}. */
    public String digest() {
        return HexFormat.of().formatHex(sha256().digest(csv().getBytes(StandardCharsets.UTF_8)));
    }

    /** Keeps them in a folder, under their digest, once for all cells. */
    public void keep(Path folder) throws IOException {
        Path file = file(folder, digest());
        if (Files.notExists(file)) {
            Files.createDirectories(folder);
            RowFile.write(file, csv());
        }
    }

    /** @param digest of them @return none if the folder does not have them, or another text under that digest */
    public static Parts read(Path folder, String digest) throws IOException {
        if (!digest.matches("[0-9a-f]{64}") || Files.notExists(file(folder, digest))) {
            return new Parts(List.of());
        }
        Parts parts = new Parts(Files.readAllLines(file(folder, digest)).stream().skip(1).map(line -> line.split(",", -1))
                .filter(fields -> fields.length == 3)
                .map(fields -> new Part(fields[0], fields[1], fields[2])).toList());
        return parts.digest().equals(digest) ? parts : new Parts(List.of());
    }

    private static Path file(Path folder, String digest) {
        return folder.resolve(digest + ".csv");
    }

    /** Those that the other lacks, or has in another build. */
    public List<Part> without(Parts other) {
        return all.stream().filter(part -> !other.all.contains(part)).toList();
    }
}
