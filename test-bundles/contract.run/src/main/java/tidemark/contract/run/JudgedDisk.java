package tidemark.contract.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.contract.DiskContract;
import tidemark.contract.LayeredDiskContract;

/** The suites of disk formats, on the one that is judged: what a format has, it must have right. */
final class JudgedDisk {
    private JudgedDisk() {}

    /** Formats whose files can lie over others promise more. */
    static Class<?> suite(Subject subject) {
        return triesOn((DiskPart) subject.part(), folder -> Optional.of(new DiskPart.Backing(folder.resolve("below"), "raw")), file -> true)
                ? Layered.class : Plain.class;
    }

    private static boolean hasSignature(Subject subject) {
        DiskPart part = (DiskPart) subject.part();
        return triesOn(part, folder -> Optional.empty(), part::recognizes);
    }

    private interface BackingIn {
        Optional<DiskPart.Backing> of(Path folder);
    }

    private interface Question {
        boolean of(Path file) throws IOException;
    }

    /** What holds of a new file; false if the format cannot make it. */
    private static boolean triesOn(DiskPart part, BackingIn backing, Question question) {
        try {
            Path folder = Files.createTempDirectory("disk");
            Path file = folder.resolve("disk");
            try {
                part.create(file, Disk.SECTOR, backing.of(folder));
                return question.of(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            return false;
        }
    }

    @ExtendWith(Limit.class)
    static final class Plain extends DiskContract {
        private final Subject subject = Subject.current();

        @Override
        protected DiskPart part() {
            return (DiskPart) subject.part();
        }

        @Override
        protected boolean hasSignature() {
            return JudgedDisk.hasSignature(subject);
        }

        @Override
        protected String classPath() throws IOException {
            return subject.platform().classPath(folder.resolve("classes"));
        }
    }

    @ExtendWith(Limit.class)
    static final class Layered extends LayeredDiskContract {
        private final Subject subject = Subject.current();

        @Override
        protected DiskPart part() {
            return (DiskPart) subject.part();
        }

        @Override
        protected boolean hasSignature() {
            return JudgedDisk.hasSignature(subject);
        }

        @Override
        protected String classPath() throws IOException {
            return subject.platform().classPath(folder.resolve("classes"));
        }
    }
}
