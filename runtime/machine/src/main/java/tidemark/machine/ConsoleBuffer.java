package tidemark.machine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.device.Console;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.TimedText;

/** The host's end of the serial console: the last MiB of output in a ring, and input that waits for the guest. */
final class ConsoleBuffer implements ConsoleLog {
    static final int CAPACITY = 1 << 20;
    /** Input beyond this is refused: the guest does not read. */
    static final int MAX_INPUT = 1 << 20;
    /** Readers look again no sooner than this, so that a guest that prints byte by byte does not keep them busy. */
    private static final long GATHER_MILLIS = 2;
    /** What is there is searched once, however short the timeout is. */
    private static final long LEAST_SEARCH_NANOS = 1_000_000_000;

    private final String name;
    private final Runnable inputArrived;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[CAPACITY];
    private final ArrayDeque<Byte> input = new ArrayDeque<>();
    private long position;
    private boolean on;

    /**
     * @param name for messages
     * @param inputArrived called on the sender's thread after input came
     */
    ConsoleBuffer(String name, Runnable inputArrived) {
        this.name = name;
        this.inputArrived = inputArrived;
    }

    // The guest's side

    void transmit(byte value) {
        lock.lock();
        try {
            ring[(int) (position++ % CAPACITY)] = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int receive() {
        lock.lock();
        try {
            Byte value = input.poll();
            return value == null ? -1 : value & 0xFF;
        } finally {
            lock.unlock();
        }
    }

    /** @param onInput is handed what is to be called when input arrives */
    Console guestEnd(Consumer<Runnable> onInput) {
        return new Console() {
            @Override
            public void transmit(byte value) {
                ConsoleBuffer.this.transmit(value);
            }

            @Override
            public int receive() {
                return ConsoleBuffer.this.receive();
            }

            @Override
            public void onInput(Runnable inputArrived) {
                onInput.accept(inputArrived);
            }
        };
    }

    /** The machine was powered on or off. */
    void powered(boolean nowOn) {
        lock.lock();
        try {
            on = nowOn;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // The host's side

    @Override
    public String text() {
        return textSince(0);
    }

    @Override
    public long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String textSince(long from) {
        return new String(bytesSince(from), StandardCharsets.UTF_8);
    }

    private byte[] bytesSince(long from) {
        lock.lock();
        try {
            long first = Math.clamp(from, Math.max(0, position - CAPACITY), position);
            byte[] bytes = new byte[(int) (position - first)];
            int at = (int) (first % CAPACITY);
            int toEnd = Math.min(bytes.length, CAPACITY - at);
            System.arraycopy(ring, at, bytes, 0, toEnd);
            System.arraycopy(ring, 0, bytes, toEnd, bytes.length - toEnd);
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(byte[] bytes) {
        lock.lock();
        try {
            if (input.size() + bytes.length > MAX_INPUT) {
                throw new MachineException("Console " + name + ": " + input.size()
                        + " bytes of input wait already and the guest does not read them");
            }
            for (byte value : bytes) {
                input.add(value);
            }
        } finally {
            lock.unlock();
        }
        inputArrived.run();
    }

    @Override
    public Optional<MatchResult> expect(Pattern pattern, long from, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen;
            boolean wasOn;
            lock.lock();
            try {
                seen = position;
                wasOn = on;
            } finally {
                lock.unlock();
            }
            Optional<MatchResult> match = find(pattern, textSince(from), Math.max(end, System.nanoTime() + LEAST_SEARCH_NANOS));
            if (match.isPresent()) {
                return match;
            }
            if (!wasOn || System.nanoTime() - end >= 0 || !awaitOutput(seen, end)) {
                return Optional.empty();
            }
            Thread.sleep(GATHER_MILLIS);
        }
    }

    private Optional<MatchResult> find(Pattern pattern, String text, long end) throws InterruptedException {
        try {
            Matcher matcher = pattern.matcher(new TimedText(text, end));
            return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
        } catch (TimedText.Late e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.empty();
        } catch (StackOverflowError e) {
            throw new MachineException("'" + pattern + "' needs too deep a search in the text of console " + name
                    + "; write it without alternatives inside * or +", e);
        }
    }

    /** @return false at the end of the time */
    private boolean awaitOutput(long seen, long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (position == seen && on) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reader reader(long from) {
        return new Reader() {
            private long seen = from;

            @Override
            public byte[] next(Duration timeout) throws InterruptedException {
                awaitOutput(seen, System.nanoTime() + timeout.toNanos());
                lock.lock();
                try {
                    byte[] chunk = bytesSince(seen);
                    seen = position;
                    return chunk;
                } finally {
                    lock.unlock();
                }
            }
        };
    }
}
