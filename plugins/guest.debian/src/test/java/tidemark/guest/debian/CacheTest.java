package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.machine.MachineException;

class CacheTest {
    @TempDir
    Path folder;
    private Cache cache;

    @BeforeEach
    void empty() {
        cache = new Cache(folder.resolve("cache"));
    }

    @Test
    void itIsWhereTheXdgBaseDirectorySpecificationHasItUnlessToldOtherwise() {
        assertEquals(Path.of("/home/ann/.cache/tidemark/debian"), Cache.ofUser(Map.of("HOME", "/home/ann")).folder());
        assertEquals(Path.of("/home/ann/.cache/tidemark/debian"), Cache.ofUser(Map.of("HOME", "/home/ann", "XDG_CACHE_HOME", "relative")).folder());
        assertEquals(Path.of("/var/cache/ann/tidemark/debian"), Cache.ofUser(Map.of("HOME", "/home/ann", "XDG_CACHE_HOME", "/var/cache/ann")).folder());
        assertEquals(Path.of("/big/debian"), Cache.ofUser(Map.of("HOME", "/home/ann", "XDG_CACHE_HOME", "/var/cache/ann", "TIDEMARK_CACHE", "/big")).folder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a,b", "/a;b", "/a\"b", "/a\\b", "/a\nb"})
    void namesThatSettingsCannotBearAreRefused(String name) {
        assertTrue(assertThrows(MachineException.class, () -> Cache.ofUser(Map.of("TIDEMARK_CACHE", name))).getMessage().contains("TIDEMARK_CACHE"));
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedWithTheWayOut() throws Exception {
        Files.writeString(folder.resolve("cache"), "a file");
        String refusal = assertThrows(MachineException.class, () -> cache.lock(() -> { })).getMessage();
        assertTrue(refusal.contains(folder.resolve("cache").toString()) && refusal.endsWith("set TIDEMARK_CACHE to another"), refusal);
    }

    @Test
    void aProductIsFoundOnceItIsPublishedAndOnlyByItsRecipe() throws Exception {
        try (Cache.Lock _ = cache.lock(() -> { })) {
            Path unfinished = cache.unfinished("linux");
            Files.writeString(unfinished.resolve("kernel"), "k");
            assertEquals(Optional.empty(), cache.find("linux", "recipe"));
            Path product = cache.publish(unfinished, "linux", "6.12", List.of("a.deb", "b.deb"), "recipe");
            assertEquals(Optional.of(product), cache.find("linux", "recipe"));
            assertEquals("k", Files.readString(product.resolve("kernel")));
            assertEquals(List.of("a.deb", "b.deb"), Cache.packages(product));
            assertEquals(Optional.empty(), cache.find("linux", "another recipe"));
            assertEquals(Optional.empty(), cache.find("root", "recipe"));
        }
    }

    @Test
    void aNewerVersionLeavesTheOneThatMachinesMayUse() throws Exception {
        Path first = publish("a_1.deb");
        Path second = publish("a_2.deb");
        assertNotEquals(first, second);
        assertEquals("a_1.deb", Files.readString(first.resolve("kernel")));
        assertEquals(Optional.of(second), cache.find("linux", "recipe"));
        assertEquals(second, publish("a_2.deb"));
    }

    @Test
    void whatAKilledFetchLeftIsNeverFoundAndRemovedByTheNext() throws Exception {
        try (Cache.Lock _ = cache.lock(() -> { })) {
            Files.createDirectories(cache.unfinished("linux").resolve("packages/usr"));
        }
        try (Cache.Lock _ = cache.lock(() -> { })) {
            assertEquals(Optional.empty(), cache.find("linux", "recipe"));
            Path unfinished = cache.unfinished("linux");
            assertFalse(Files.exists(unfinished.resolve("packages")));
        }
    }

    @Test
    void threadsTakeTurns() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        Cache.Lock first = cache.lock(() -> { });
        Thread other = Thread.ofVirtual().start(() -> {
            try (Cache.Lock _ = cache.lock(waits::countDown)) {
                locked.countDown();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(waits.await(10, TimeUnit.SECONDS));
        assertEquals(1, locked.getCount());
        first.close();
        assertTrue(locked.await(10, TimeUnit.SECONDS));
        other.join();
    }

    @Test
    void processesTakeTurns() throws Exception {
        Files.createDirectories(cache.folder());
        // Another JVM, as flock(1) takes locks of another kind
        Path source = Files.writeString(folder.resolve("Holder.java"), """
                void main(String[] file) throws Exception {
                    try (var channel = java.nio.channels.FileChannel.open(java.nio.file.Path.of(file[0]), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
                        channel.lock();
                        System.out.println("locked");
                        System.in.read();
                    }
                }
                """);
        Process holder = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", source.toString(), cache.folder().resolve(".lock").toString()).start();
        try {
            assertEquals("locked", holder.inputReader().readLine());
            CountDownLatch waits = new CountDownLatch(1);
            cache.lock(() -> {
                waits.countDown();
                holder.destroy();
            }).close();
            assertEquals(0, waits.getCount());
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    private Path publish(String packageFile) throws Exception {
        try (Cache.Lock _ = cache.lock(() -> { })) {
            Path unfinished = cache.unfinished("linux");
            Files.writeString(unfinished.resolve("kernel"), packageFile);
            return cache.publish(unfinished, "linux", "6.12", List.of(packageFile), "recipe");
        }
    }
}
