package tidemark.cpu.translator;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Makes regions out of orders. */
final class Workshop {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private Workshop() {}

    /** @return null if the code would become too large for HotSpot to compile */
    static Region make(Order order) {
        byte[] file = Translation.of(order.outline().flow(), !order.plain(), order.cardShift());
        int bytes = codeLength(file);
        return bytes >= 8000 ? null : new Region(order, define(file), bytes);
    }

    private static int codeLength(byte[] file) {
        return ClassFile.of().parse(file).methods().stream().mapToInt(m -> m.findAttribute(java.lang.classfile.Attributes.code())
                .map(CodeAttribute::codeLength).orElse(0)).max().orElseThrow();
    }

    private static Code define(byte[] file) {
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClass(file, true);
            return (Code) hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
        } catch (Throwable e) {
            throw new AssertionError("Translation does not verify", e);
        }
    }
}
