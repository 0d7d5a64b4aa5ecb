package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverTest {
    @TempDir
    Path folder;

    private InetSocketAddress resolverOf(String text) throws IOException {
        return new Resolver(Optional.empty(), Files.writeString(folder.resolve("resolv.conf"), text)).address();
    }

    @Test
    void theFirstNameServerThatIsAnAddressIsAsked() throws IOException {
        assertEquals(new InetSocketAddress("192.0.2.7", 53), resolverOf("""
                # a comment
                ; nameserver 192.0.2.1
                search example.org
                nameserver
                nameserver router.example
                  nameserver\t192.0.2.7  # primary
                nameserver 192.0.2.8
                """));
        assertEquals(new InetSocketAddress("2001:db8::1", 53), resolverOf("nameserver 2001:db8::1\n"));
    }

    @Test
    void withoutAnEntryOrAFileTheHostItselfIsAsked() throws IOException {
        assertEquals(new InetSocketAddress("127.0.0.1", 53), resolverOf("options rotate\n"));
        assertEquals(new InetSocketAddress("127.0.0.1", 53), new Resolver(Optional.empty(), folder.resolve("none")).address());
    }

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        Resolver resolver = new Resolver(Optional.empty(), file);
        assertEquals(new InetSocketAddress("192.0.2.1", 53), resolver.address());
        Files.writeString(file, "nameserver 192.0.2.2\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertEquals(new InetSocketAddress("192.0.2.2", 53), resolver.address());
    }
}
