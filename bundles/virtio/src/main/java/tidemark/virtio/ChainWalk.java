package tidemark.virtio;

/** Follows the descriptors of a chain (2.7.5), and trusts none of them. */
final class ChainWalk {
    /** What a driver may put into one chain (2.7.5.2). */
    private static final long MAX_LENGTH = 1L << 32;

    private final GuestRam ram;
    private final boolean indirectAllowed;
    private final int maxDescriptors;
    private final Segments readable;
    private final Segments writable;
    private long table;
    private long entries;
    private boolean indirect;

    /** @param maxDescriptors of a chain; a longer one is taken for a loop */
    ChainWalk(GuestRam ram, Layout queue, boolean indirectAllowed, int maxDescriptors) {
        this.ram = ram;
        this.indirectAllowed = indirectAllowed;
        this.maxDescriptors = maxDescriptors;
        table = queue.descriptors();
        entries = queue.size();
        readable = new Segments(ram);
        writable = new Segments(ram);
    }

    Chain from(int head) throws MalformedQueue {
        Descriptor descriptor = at(head);
        for (int count = 1; ; count++) {
            if (count > maxDescriptors) {
                throw new MalformedQueue("The chain from descriptor " + head + " is a loop, or longer than " + maxDescriptors);
            }
            if (descriptor.has(Descriptor.INDIRECT)) {
                descriptor = enter(descriptor);
            }
            add(descriptor);
            if (!descriptor.has(Descriptor.NEXT)) {
                return new Chain(head, readable, writable);
            }
            descriptor = at(descriptor.next());
        }
    }

    private Descriptor at(int index) throws MalformedQueue {
        if (index >= entries) {
            throw new MalformedQueue("Descriptor " + index + " of a table of " + entries);
        }
        return ram.readDescriptor(table + (long) index * Descriptor.SIZE);
    }

    /** Goes on in an indirect table (2.7.5.3); its first descriptor. */
    private Descriptor enter(Descriptor reference) throws MalformedQueue {
        if (!indirectAllowed) {
            throw new MalformedQueue("An indirect descriptor, without the feature");
        }
        if (indirect || reference.has(Descriptor.NEXT)) {
            throw new MalformedQueue("An indirect descriptor " + (indirect ? "in an indirect table" : "that is not the last of its table"));
        }
        if (reference.length() == 0 || reference.length() % Descriptor.SIZE != 0) {
            throw new MalformedQueue("An indirect table of " + reference.length() + " bytes");
        }
        if (!ram.contains(reference.address(), reference.length())) {
            throw GuestRam.outside(reference.address(), reference.length());
        }
        indirect = true;
        table = reference.address();
        entries = reference.length() / Descriptor.SIZE;
        Descriptor first = at(0);
        return first.has(Descriptor.INDIRECT) ? enter(first) : first;
    }

    private void add(Descriptor descriptor) throws MalformedQueue {
        long length = descriptor.length();
        if (length == 0) {
            throw new MalformedQueue("A descriptor of 0 bytes");
        }
        if (!ram.contains(descriptor.address(), length)) {
            throw GuestRam.outside(descriptor.address(), length);
        }
        if (!descriptor.has(Descriptor.WRITE) && writable.length() > 0) {
            throw new MalformedQueue("A device-readable descriptor after a device-writable one");
        }
        (descriptor.has(Descriptor.WRITE) ? writable : readable).add(descriptor.address(), length);
        if (readable.length() + writable.length() > MAX_LENGTH) {
            throw new MalformedQueue("A chain of more than " + MAX_LENGTH + " bytes");
        }
    }
}
