package tidemark.api.machine;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: guests that can be run by name. The names are the values of the service property {@link #NAME}. */
@ConsumerType
public interface GuestPart {
    String NAME = "tidemark.guest";

    /** @return the guest, or empty if this part has none of that name */
    Optional<Guest> guest(String name);

    /** A program for a machine. */
    interface Guest {
        /** The name that the part is asked for, for example {@code cg.A}. */
        String name();

        /** One line for people. */
        String description();

        /** The least RAM that it runs in, in MiB. */
        int minimumRamMiB();

        /** A RISC-V ELF executable, entered in M-mode with a0 = hart id and a1 = physical address of the device tree. */
        byte[] elf();

        /**
         * The guest's own verdict on its result, in its own word (NPB: {@code SUCCESSFUL} or {@code UNSUCCESSFUL}).
         *
         * @param console what it printed
         * @return empty if it has printed none yet
         */
        Optional<String> verification(String console);
    }
}
