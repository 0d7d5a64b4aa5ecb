package tidemark.cpu.nativecode.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidemark.testkit.HostTool;

/** Every instruction that the encoder writes, with operands of all kinds, as binutils' disassembler reads it. */
class EncoderTest {
    private static final int ROUNDS = 200;
    private static final String[] QUAD = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
    private static final String[] BYTE = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
    private static final String[] SHIFT = {"", "", "", "", "shl", "shr", "", "sar"};
    private static final String[] ARITHMETIC = {"add", "or", "", "", "and", "sub", "xor", "cmp"};
    private static final String[] UNARY = {"", "", "not", "neg", "mul", "imul", "div", "idiv"};
    private static final String[] IF = {"", "", "b", "ae", "e", "ne", "be", "a", "s", "", "p", "np", "l", "ge"};

    private final Encoder e = new Encoder();
    private final List<String> expected = new ArrayList<>();
    private final Random random = new Random(1);

    // Operands of the instruction under way
    private boolean w;
    private int a;
    private int b;
    private int index;
    private int displacement;

    private void draw() {
        w = random.nextBoolean();
        a = random.nextInt(16);
        b = random.nextInt(16);
        do {
            index = random.nextInt(16);
        } while (index == Register.RSP);
        displacement = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> (byte) random.nextInt();
            default -> random.nextInt();
        };
    }

    private static String low(int register) {
        return register < 8 ? BYTE[register] : QUAD[register] + "b";
    }

    private static String half(int register) {
        return register < 8 ? QUAD[register].substring(1) : QUAD[register] + "w";
    }

    private static String name(boolean wide, int register) {
        return wide ? QUAD[register] : register < 8 ? "e" + QUAD[register].substring(1) : QUAD[register] + "d";
    }

    private static String xmm(int register) {
        return "xmm" + register;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private String constant(int value) {
        return w ? hex(value) : "0x" + Integer.toHexString(value);
    }

    private static String size(boolean wide) {
        return wide ? "QWORD PTR " : "DWORD PTR ";
    }

    private String memory() {
        return memory(false);
    }

    /** The memory operand at b, as the disassembler writes it. */
    private String memory(boolean indexed) {
        boolean without = displacement == 0 && (b & 7) != Register.RBP;
        String rest = without ? "" : displacement < 0 ? "-" + hex(-(long) displacement) : "+" + hex(displacement);
        return "[" + QUAD[b] + (indexed ? "+" + QUAD[index] + "*1" : "") + rest + "]";
    }

    private void is(String text) {
        expected.add(text);
    }

    private void moves() {
        e.mov(w, a, b);
        is("mov " + name(w, a) + "," + name(w, b));
        e.signExtend32(a, b);
        is("movsxd " + QUAD[a] + "," + name(false, b));
        e.zeroExtend8(a, b);
        is("movzx " + name(false, a) + "," + low(b));
        e.constant32(a, displacement);
        is("mov " + name(false, a) + "," + "0x" + Integer.toHexString(displacement));
        e.constant(a, 0);
        is("xor " + name(false, a) + "," + name(false, a));
        e.constant(a, 0x1234_5678_9ABCL);
        is("movabs " + QUAD[a] + ",0x123456789abc");
        e.constant(a, -displacement - 1L);
        long value = -displacement - 1L;
        is(value == 0 ? "xor " + name(false, a) + "," + name(false, a) : "mov " + (value >>> 32 == 0 ? name(false, a) : QUAD[a]) + "," + hex(value));
    }

    private void accesses() {
        e.load(w, a, b, displacement);
        is("mov " + name(w, a) + "," + size(w) + memory());
        e.indexed(index).load(w, a, b, displacement);
        is("mov " + name(w, a) + "," + size(w) + memory(true));
        e.loadSigned32(a, b, displacement);
        is("movsxd " + QUAD[a] + ",DWORD PTR " + memory());
        e.loadExtended(Encoder.MOVSX8, a, b, displacement);
        is("movsx " + QUAD[a] + ",BYTE PTR " + memory());
        e.loadExtended(Encoder.MOVZX8, a, b, displacement);
        is("movzx " + QUAD[a] + ",BYTE PTR " + memory());
        e.loadExtended(Encoder.MOVSX16, a, b, displacement);
        is("movsx " + QUAD[a] + ",WORD PTR " + memory());
        e.loadExtended(Encoder.MOVZX16, a, b, displacement);
        is("movzx " + QUAD[a] + ",WORD PTR " + memory());
        e.store(w, b, displacement, a);
        is("mov " + size(w) + memory() + "," + name(w, a));
        e.store16(b, displacement, a);
        is("mov WORD PTR " + memory() + "," + half(a));
        e.store8(b, displacement, a);
        is("mov BYTE PTR " + memory() + "," + low(a));
        e.store8Constant(b, displacement, 1);
        is("mov BYTE PTR " + memory() + ",0x1");
        e.store32Constant(b, displacement, 3);
        is("mov DWORD PTR " + memory() + ",0x3");
        e.indexed(index).loadSigned32(a, b, displacement);
        is("movsxd " + QUAD[a] + ",DWORD PTR " + memory(true));
        e.indexed(index).loadExtended(Encoder.MOVZX16, a, b, displacement);
        is("movzx " + QUAD[a] + ",WORD PTR " + memory(true));
        e.indexed(index).store16(b, displacement, a);
        is("mov WORD PTR " + memory(true) + "," + half(a));
        e.indexed(index).store8(b, displacement, a);
        is("mov BYTE PTR " + memory(true) + "," + low(a));
        e.indexed(index).lea(w, a, b, displacement);
        is("lea " + name(w, a) + "," + memory(true));
        e.indexed(index).loadFloat(w, a, b, displacement);
        is("movs" + (w ? "d " : "s ") + xmm(a) + "," + size(w) + memory(true));
        e.indexed(index).storeFloat(w, b, displacement, a);
        is("movs" + (w ? "d " : "s ") + size(w) + memory(true) + "," + xmm(a));
        e.storeConstant(b, displacement, -1);
        is("mov QWORD PTR " + memory() + ",0xffffffffffffffff");
        e.lea(w, a, b, displacement);
        is("lea " + name(w, a) + "," + memory());
    }

    private void arithmetic() {
        for (int operation = 0; operation < ARITHMETIC.length; operation++) {
            if (!ARITHMETIC[operation].isEmpty()) {
                e.arithmetic(operation, w, a, b);
                is(ARITHMETIC[operation] + " " + name(w, a) + "," + name(w, b));
                e.indexed(index).arithmeticMemory(operation, w, a, b, displacement);
                is(ARITHMETIC[operation] + " " + name(w, a) + "," + size(w) + memory(true));
                e.arithmeticConstant(operation, w, a, displacement);
                is(ARITHMETIC[operation] + " " + name(w, a) + "," + constant(displacement));
            }
            if (!UNARY[operation].isEmpty()) {
                e.unary(operation, w, a);
                is(UNARY[operation] + " " + name(w, a));
            }
            if (!SHIFT[operation].isEmpty()) {
                e.shift(operation, w, a, 7);
                is(SHIFT[operation] + " " + name(w, a) + ",0x7");
                e.shiftByCl(operation, w, a);
                is(SHIFT[operation] + " " + name(w, a) + ",cl");
            }
        }
        e.compareMemory32(b, displacement, 3);
        is("cmp DWORD PTR " + memory() + ",0x3");
        e.test(w, a, b);
        is("test " + name(w, a) + "," + name(w, b));
        e.testConstant8(a, 7);
        is("test " + low(a) + ",0x7");
        e.multiply(w, a, b);
        is("imul " + name(w, a) + "," + name(w, b));
        e.signToRdx(w);
        is(w ? "cqo" : "cdq");
    }

    private void conditions() {
        for (int condition = 0; condition < IF.length; condition++) {
            if (!IF[condition].isEmpty()) {
                e.setIf(condition, a);
                is("set" + IF[condition] + " " + low(a));
                e.moveIf(condition, w, a, b);
                is("cmov" + IF[condition] + " " + name(w, a) + "," + name(w, b));
                e.jumpIf(condition, displacement);
                is("j" + IF[condition] + " " + hex(e.length() + (long) displacement));
            }
        }
    }

    private void atomicsAndJumps() {
        e.exchangeAdd(w, b, displacement, a);
        is("lock xadd " + size(w) + memory() + "," + name(w, a));
        e.exchange(w, b, displacement, a);
        is("xchg " + size(w) + memory() + "," + name(w, a));
        e.compareExchange(w, b, displacement, a);
        is("lock cmpxchg " + size(w) + memory() + "," + name(w, a));
        e.fence();
        is("lock or DWORD PTR [rsp],0x0");
        e.jump(displacement);
        is("jmp " + hex(e.length() + (long) displacement));
        e.jumpRegister(a);
        is("jmp " + QUAD[a]);
        e.indexed(index).jumpMemory(b, displacement);
        is("jmp QWORD PTR " + memory(true));
        e.push(a);
        is("push " + QUAD[a]);
        e.pop(a);
        is("pop " + QUAD[a]);
        e.ret();
        is("ret");
    }

    private void floats() {
        String d = w ? "d" : "s";
        e.loadFloat(w, a, b, displacement);
        is("movs" + d + " " + xmm(a) + "," + size(w) + memory());
        e.storeFloat(w, b, displacement, a);
        is("movs" + d + " " + size(w) + memory() + "," + xmm(a));
        e.moveFloat(a, b);
        is("movaps " + xmm(a) + "," + xmm(b));
        e.moveToFloat(w, a, b);
        is("mov" + (w ? "q " : "d ") + xmm(a) + "," + name(w, b));
        e.moveFromFloat(w, a, b);
        is("mov" + (w ? "q " : "d ") + name(w, a) + "," + xmm(b));
        int[] operations = {Encoder.SQRT, Encoder.FADD, Encoder.FMUL, Encoder.FSUB, Encoder.FMIN, Encoder.FDIV, Encoder.FMAX};
        String[] names = {"sqrt", "add", "mul", "sub", "min", "div", "max"};
        for (int i = 0; i < operations.length; i++) {
            e.scalar(operations[i], w, a, b);
            is(names[i] + "s" + d + " " + xmm(a) + "," + xmm(b));
        }
        e.compareFloat(w, false, a, b);
        is("ucomis" + d + " " + xmm(a) + "," + xmm(b));
        e.compareFloat(w, true, a, b);
        is("comis" + d + " " + xmm(a) + "," + xmm(b));
        e.andFloat(a, b);
        is("andps " + xmm(a) + "," + xmm(b));
        e.orFloat(a, b);
        is("orps " + xmm(a) + "," + xmm(b));
        e.ones(a);
        is("pcmpeqd " + xmm(a) + "," + xmm(a));
        e.interleave(a, b);
        is("punpckldq " + xmm(a) + "," + xmm(b));
        e.loadControl(b, displacement);
        is("ldmxcsr DWORD PTR " + memory());
        e.storeControl(b, displacement);
        is("stmxcsr DWORD PTR " + memory());
    }

    private void conversions() {
        String d = w ? "d" : "s";
        e.resize(w, a, b);
        is((w ? "cvtsd2ss " : "cvtss2sd ") + xmm(a) + "," + xmm(b));
        for (boolean wide : new boolean[] {false, true}) {
            e.fromInteger(w, wide, a, b);
            is("cvtsi2s" + d + " " + xmm(a) + "," + name(wide, b));
            e.toInteger(w, false, wide, a, b);
            is("cvtts" + d + "2si " + name(wide, a) + "," + xmm(b));
            e.toInteger(w, true, wide, a, b);
            is("cvts" + d + "2si " + name(wide, a) + "," + xmm(b));
        }
        int[] fused = {Encoder.VFMADD, Encoder.VFMSUB, Encoder.VFNMADD, Encoder.VFNMSUB};
        String[] names = {"vfmadd", "vfmsub", "vfnmadd", "vfnmsub"};
        for (int i = 0; i < fused.length; i++) {
            e.fused(fused[i], w, a, b, index);
            is(names[i] + "231s" + d + " " + xmm(a) + "," + xmm(b) + "," + xmm(index));
        }
    }

    @Test
    void theDisassemblerReadsWhatWasMeant() throws Exception {
        HostTool.require("objdump", "binutils");
        for (int round = 0; round < ROUNDS; round++) {
            draw();
            moves();
            accesses();
            arithmetic();
            conditions();
            atomicsAndJumps();
            floats();
            conversions();
        }
        List<String> read = disassembled(Arrays.copyOf(e.bytes(), e.length()));
        for (int i = 0; i < Math.min(read.size(), expected.size()); i++) {
            assertEquals(expected.get(i), read.get(i), "instruction " + i);
        }
        assertEquals(expected.size(), read.size());
    }

    private static List<String> disassembled(byte[] code) throws Exception {
        Path file = Files.createTempFile("code", ".bin");
        try {
            Files.write(file, code);
            HostTool.Outcome outcome = HostTool.run(60, "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn", "-w",
                    file.toString());
            assertEquals(0, outcome.exitCode(), outcome.output());
            return outcome.output().lines().flatMap(EncoderTest::instruction).toList();
        } finally {
            Files.delete(file);
        }
    }

    private static Stream<String> instruction(String line) {
        return line.matches("\\s*[0-9a-f]+:\\t.*") ? Stream.of(line.substring(line.indexOf('\t') + 1).strip().replaceAll("\\s+", " ")) : Stream.empty();
    }
}
