package tidemark.api.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Which file may use which other one. Images and disk files name files, and may come from strangers. A file may use what lies beside it; all else has to be
 * granted on this host. The register of grants is the file {@code grants} in the platform's home: a line each, a SHA-256 of who asks and what for, then words
 * for people. Any thread, and any number of platforms of one home.
 */
public final class Grants {
    private static final String HOME = "tidemark.home";
    private static final int DIGEST = 64;
    private static final int MOST_BYTES = 4 << 20;
    private static final Set<PosixFilePermission> OTHERS_WRITE = Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path home;
    private final Path register;

    /** @param home the platform's */
    public Grants(Path home) {
        this.home = home.toAbsolutePath();
        register = this.home.resolve("grants");
    }

    public static Grants ofPlatform() {
        return new Grants(Path.of(System.getProperty(HOME, Path.of(System.getProperty("user.home"), ".tidemark").toString())));
    }

    /** A plain file, with links followed, in the very folder of another, and not hidden. */
    public static boolean isBeside(Path file, Path other) {
        try {
            Path real = other.toRealPath();
            return file.toRealPath().getParent().equals(real.getParent()) && Files.isRegularFile(real)
                    && !real.getFileName().toString().startsWith(".");
        } catch (IOException e) {
            return false;
        }
    }

    /** What a file is whatever its name: its place on its file system. A copy is another file, a renamed one is the same. */
    public static String identity(Path file) throws IOException {
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** Whether a disk file may lie over another one: beside it, granted, or made by this platform in its home. */
    public boolean mayLieOver(Path file, Path below) {
        try {
            return isBeside(file, below) || Files.exists(home.resolve("layers")) && isIn(home.resolve("layers"), file)
                    || isGranted(identity(file), below.toRealPath().toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isIn(Path folder, Path file) throws IOException {
        return folder.toRealPath().equals(file.toRealPath().getParent());
    }

    /** @throws IOException if the register cannot be written */
    public void letLieOver(Path file, Path below) throws IOException {
        if (!mayLieOver(file, below)) {
            grant(identity(file), below.toRealPath().toString(), file + " lies over " + below);
        }
    }

    /** Lets a machine's disk files, and these files, lie over these files. */
    public void letLieOver(MachineSpec spec, List<Path> files) throws IOException {
        List<Path> above = new ArrayList<>(files);
        spec.devices().stream().map(device -> device.options().getOrDefault("file", "")).filter(file -> !file.isEmpty()).map(Path::of)
                .filter(Files::isRegularFile).forEach(above::add);
        for (Path file : above) {
            for (Path below : files) {
                letLieOver(file, below);
            }
        }
    }

    /**
     * @param asker who asks: anything that only that one is
     * @param ask what for
     */
    public boolean isGranted(String asker, String ask) throws IOException {
        String digest = digest(asker, ask);
        return lines().stream().anyMatch(line -> line.startsWith(digest));
    }

    /**
     * Enters a grant into the register, which has the newest of some ten thousand.
     *
     * @param words what it is, for people
     */
    public void grant(String asker, String ask, String words) throws IOException {
        synchronized (Grants.class) {
            Files.createDirectories(home);
            if (Files.exists(register) && Files.size(register) > MOST_BYTES) {
                forgetOldest();
            }
            String line = digest(asker, ask) + " " + words.replaceAll("\\p{Cntrl}", "?") + "\n";
            try (FileChannel channel = FileChannel.open(register, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
            }
        }
    }

    private void forgetOldest() throws IOException {
        List<String> lines = lines();
        Path newest = Files.createTempFile(home, ".grants", "");
        Files.write(newest, lines.subList(lines.size() / 2, lines.size()));
        Files.move(newest, register, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A register that others may write, or that is a link, grants nothing. */
    private List<String> lines() throws IOException {
        if (!Files.isRegularFile(register, LinkOption.NOFOLLOW_LINKS)
                || Files.getPosixFilePermissions(register).stream().anyMatch(OTHERS_WRITE::contains)) {
            return List.of();
        }
        return Files.readAllLines(register).stream().filter(line -> line.length() > DIGEST).toList();
    }

    private static String digest(String asker, String ask) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(asker.getBytes(UTF_8));
            sha.update((byte) 0);
            return HexFormat.of().formatHex(sha.digest(ask.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
