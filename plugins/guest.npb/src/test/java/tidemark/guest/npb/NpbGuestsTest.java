package tidemark.guest.npb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.GuestPart;
import tidemark.guest.Program;

class NpbGuestsTest {
    private static final int RISC_V = 243;
    private static final int PT_LOAD = 1;

    private final GuestPart part = new NpbGuests();

    @Test
    void theServicePropertyNamesEveryGuestAndNoOther() throws Exception {
        byte[] classFile = NpbGuests.class.getResourceAsStream("NpbGuests.class").readAllBytes();
        var component = ClassFile.of().parse(classFile).findAttribute(Attributes.runtimeInvisibleAnnotations()).orElseThrow().annotations().getFirst();
        AnnotationValue property = component.elements().getFirst().value();
        List<String> named = ((AnnotationValue.OfArray) property).values().stream().map(value -> ((AnnotationValue.OfString) value).stringValue()).toList();
        assertEquals(NpbGuests.PROGRAMS.stream().map(program -> GuestPart.NAME + "=" + program.name()).toList(), named);
    }

    @Test
    void everyGuestIsARiscVExecutableEnteredAtTheStartOfRam() {
        for (Program program : NpbGuests.PROGRAMS) {
            ByteBuffer elf = ByteBuffer.wrap(part.guest(program.name()).orElseThrow().kernel()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0x464c457f, elf.getInt(0), program.name());
            assertEquals(RISC_V, elf.getShort(18), program.name());
            assertEquals(0x8000_0000L, elf.getLong(24), program.name());
        }
    }

    @Test
    void theLeastRamHoldsTheGuestAndADeviceTreeBehindItOnTheNext2MiBBoundary() {
        for (Program program : NpbGuests.PROGRAMS) {
            ByteBuffer elf = ByteBuffer.wrap(program.kernel()).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) elf.getLong(32);
            assertEquals(PT_LOAD, elf.getInt(header), program.name());
            long tree = Math.ceilDiv(elf.getLong(header + 40), 2L << 20) * 2;
            assertTrue(program.minimumRamMiB() > tree, () -> program + " needs " + (tree + 1) + " MiB");
        }
    }

    @Test
    void aNameThatIsNoneOfItsGuestsGivesNone() {
        assertEquals(Optional.empty(), part.guest("cg.Z"));
    }
}
