package tidemark.guest.debian;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import tidemark.api.machine.MachineException;
import tidemark.guest.UserCache;

/**
 * What was made of Debian's packages, in the user's cache: products, each in a folder that bears its version, and links to those in use. A folder is made under
 * another name and renamed when it is whole, and never changed then: machines and checkpoints may go on with an older one.
 */
record Cache(Path folder) {
    private static final String VARIABLE = UserCache.VARIABLE;
    private static final String UNFINISHED = ".unfinished-";
    private static final String RECIPE = "recipe.txt";
    private static final String PACKAGES = "packages.txt";
    private static final long LOOK_AGAIN_MS = 200;
    /** File locks are for processes; this is for the threads of one. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    Cache {
        folder = UserCache.checked(folder);
    }

    /** In the user's cache. */
    static Cache ofUser(Map<String, String> environment) {
        return new Cache(UserCache.folder(environment).resolve("debian"));
    }

    /** @return where the product in use is, empty if there is none or it was not made by this recipe */
    Optional<Path> find(String product, String recipe) {
        Path link = folder.resolve(product);
        try {
            return Files.readString(link.resolve(RECIPE)).equals(recipe) ? Optional.of(link.toRealPath()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new MachineException("Cannot read " + link + ": " + e.getMessage(), e);
        }
    }

    /** For apt. */
    Path apt() {
        return folder.resolve("apt");
    }

    /** The names of the packages that a product was made of. */
    static List<String> packages(Path product) {
        try {
            return Files.readAllLines(product.resolve(PACKAGES));
        } catch (IOException e) {
            throw new MachineException("Cannot read " + product + ": " + e.getMessage(), e);
        }
    }

    /** The version that a product was published with. */
    static String version(Path folder, String product) {
        return folder.getFileName().toString().replaceFirst("^" + product + "-(.*)-[0-9a-f]+$", "$1");
    }

    /** An empty folder to make a product in. With the cache locked. */
    Path unfinished(String product) throws IOException {
        return Files.createDirectory(folder.resolve(UNFINISHED + product));
    }

    /** Gives a finished product its name and takes it into use. With the cache locked. */
    Path publish(Path unfinished, String product, String version, List<String> packages, String recipe) throws IOException {
        Files.write(unfinished.resolve(PACKAGES), packages);
        Files.writeString(unfinished.resolve(RECIPE), recipe);
        try (Stream<Path> files = Files.list(unfinished)) {
            for (Path file : files.toList()) {
                force(file);
            }
        }
        Path finished = folder.resolve(product + "-" + version + "-" + Integer.toHexString((packages + recipe).hashCode()));
        if (!Files.exists(finished)) {
            Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
        }
        Path link = Files.createSymbolicLink(folder.resolve(UNFINISHED + product + "-link"), finished.getFileName());
        Files.move(link, folder.resolve(product), StandardCopyOption.ATOMIC_MOVE);
        return finished;
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Waits until no other fetch is under way, and removes what one that was killed left unfinished. */
    Lock lock(Runnable waiting) throws IOException, InterruptedException {
        makeFolder();
        if (!IN_THIS_PROCESS.tryLock()) {
            waiting.run();
            IN_THIS_PROCESS.lockInterruptibly();
        }
        try {
            FileChannel file = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            await(file, waiting);
            clean();
            return () -> {
                file.close();
                IN_THIS_PROCESS.unlock();
            };
        } catch (IOException | InterruptedException | RuntimeException e) {
            IN_THIS_PROCESS.unlock();
            throw e;
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new MachineException("The cache's folder " + folder + " cannot be made (" + e + "); set " + VARIABLE + " to another", e);
        }
        if (!Files.isWritable(folder)) {
            throw new MachineException("The cache's folder " + folder + " cannot be written by this user; set " + VARIABLE + " to another");
        }
    }

    private static void await(FileChannel file, Runnable waiting) throws IOException, InterruptedException {
        FileLock lock = file.tryLock();
        while (lock == null) {
            waiting.run();
            Thread.sleep(LOOK_AGAIN_MS);
            lock = file.tryLock();
        }
    }

    private void clean() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path left : all.filter(path -> path.getFileName().toString().startsWith(UNFINISHED)).toList()) {
                delete(left);
            }
        }
    }

    /** Held while something is fetched. */
    interface Lock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** A file or a folder with all that is in it. */
    static void delete(Path path) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(path)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
