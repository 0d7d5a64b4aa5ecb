package tidemark.api.machine;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ProviderType;

/** The machine's end of its serial console: what the guest sent (the last MiB of it), and a way to send to it. Any thread; any number of readers. */
@ProviderType
public interface ConsoleLog {
    /** The text so far; bytes are taken as UTF-8. */
    String text();

    /** The number of bytes that the guest has sent since the machine was made. */
    long position();

    /** The text from {@code position} on, or from the oldest that is kept. */
    String textSince(long position);

    void send(byte[] bytes);

    /** Waits until the text since {@code position} has a match; empty after the timeout, or earlier if the machine powers off without one. */
    Optional<MatchResult> expect(Pattern pattern, long position, Duration timeout) throws InterruptedException;

    /** A reader that begins with the output at {@code position}, or with the oldest that is kept. */
    Reader reader(long position);

    /** Reads the output once, in order. Each has its own place in it; one thread at a time. */
    interface Reader {
        /**
         * What has not been read yet; waits for some if there is none. Output that is no longer kept is passed over.
         *
         * @return empty after the timeout, or earlier if the machine is off and everything was read
         */
        byte[] next(Duration timeout) throws InterruptedException;
    }
}
