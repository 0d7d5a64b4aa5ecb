package tidemark.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asked before a page of RAM is written, so that somebody can save its bytes first (copy before write). While a guard protects pages, whoever
 * writes calls it before the store: a hart in {@link PhysicalMemory#writable}, a device in {@link PhysicalMemory#write}.
 */
@FunctionalInterface
@ConsumerType
public interface WriteGuard {
    /** Protects nothing. */
    WriteGuard NONE = page -> {};

    /** Returns when the page may be written; at once, if it may be already. Any thread, several at once. Must not wait for a hart or device. */
    void beforeWrite(long page);
}
