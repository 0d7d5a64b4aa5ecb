package tidemark.device.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.device.uart.Uart16550.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;

class Uart16550Test {
    /** Four characters of ten bits at divisor 12 and 3.6864 MHz, in ticks of 100 ns. */
    private static final long TIMEOUT = 4 * (10L * 16 * 12 * 10_000_000 / 3_686_400);
    private static final int TRIGGER_AT_8 = 0x80;
    private final TestDeviceContext machine = new TestDeviceContext("uart0", 1);
    private final Device uart = new UartPart().create(machine);

    private long read(int register) throws BusFault {
        return uart.load(register, 1);
    }

    private void write(int register, int value) throws BusFault {
        uart.store(register, 1, value);
    }

    @Test
    void whatTheGuestSendsReachesTheHostAndTheTransmitterIsEmptyAgain() throws Exception {
        for (char c : "hi\u00ff".toCharArray()) {
            assertEquals(LSR_THRE | LSR_TEMT, read(LSR));
            write(THR, c);
        }
        assertEquals("hi\u00ff", machine.transmitted());
    }

    @Test
    void inputWithoutFifosComesCharacterByCharacterAndIsNotOverrun() throws Exception {
        write(IER, IER_ERBFI | IER_ELSI);
        machine.send("abc");
        for (char c : "abc".toCharArray()) {
            assertTrue(machine.interruptLevel());
            assertEquals(IIR_DATA_AVAILABLE, read(IIR));
            assertEquals(LSR_THRE | LSR_TEMT | LSR_DR, read(LSR));
            assertEquals(c, read(RBR));
        }
        assertFalse(machine.interruptLevel());
        assertEquals(IIR_NONE, read(IIR));
    }

    @Test
    void inputIsLeftToFirmwareUntilTheGuestUsesTheUart() throws Exception {
        machine.send("ab");
        assertEquals('a', machine.receive());
        assertEquals(Uart16550.LSR_DR, read(Uart16550.LSR) & Uart16550.LSR_DR);
        assertEquals(-1, machine.receive());
        assertEquals('b', read(Uart16550.RBR));
        machine.send("c");
        assertEquals(-1, machine.receive());
    }

    @Test
    void moreInputThanTheFifoHoldsWaitsWithTheHost() throws Exception {
        write(FCR, FCR_ENABLE);
        machine.send("0123456789abcdefghijklmnopqrstuvwxyz");
        StringBuilder text = new StringBuilder();
        while ((read(LSR) & LSR_DR) != 0) {
            text.append((char) read(RBR));
        }
        assertEquals("0123456789abcdefghijklmnopqrstuvwxyz", text.toString());
        assertEquals(0, read(LSR) & LSR_OE);
    }

    @Test
    void fifoInterruptsAtItsTriggerLevelAndBelowItAfterFourCharacterTimes() throws Exception {
        write(FCR, FCR_ENABLE | TRIGGER_AT_8);
        write(IER, IER_ERBFI);
        machine.send("1234567");
        assertFalse(machine.interruptLevel());
        machine.advance(TIMEOUT - 1);
        assertFalse(machine.interruptLevel());
        machine.send("8");
        assertEquals(IIR_DATA_AVAILABLE | IIR_FIFOS_ENABLED, read(IIR));
        assertEquals('1', read(RBR));
        assertFalse(machine.interruptLevel());
        machine.advance(TIMEOUT - 1);
        assertFalse(machine.interruptLevel(), "reading starts the time anew");
        machine.advance(1);
        assertEquals(IIR_CHARACTER_TIMEOUT | IIR_FIFOS_ENABLED, read(IIR));
        assertTrue(machine.interruptLevel(), "reading IIR does not end it");
        assertEquals('2', read(RBR));
        assertFalse(machine.interruptLevel());
    }

    @Test
    void emptyTransmitterInterruptsUntilIirSaysSo() throws Exception {
        write(IER, IER_ETBEI);
        assertTrue(machine.interruptLevel(), "it was empty when the interrupt was enabled");
        assertEquals(IIR_THR_EMPTY, read(IIR));
        assertFalse(machine.interruptLevel());
        write(THR, 'x');
        assertTrue(machine.interruptLevel());
        assertEquals(IIR_THR_EMPTY, read(IIR));
        assertEquals(IIR_NONE, read(IIR));
    }

    @Test
    void aDriverThatNeverReadsIirIsToldOnceOfAnEmptyTransmitter() throws Exception {
        write(IER, IER_ETBEI);
        assertTrue(machine.interruptLevel());
        read(LSR);
        assertFalse(machine.interruptLevel(), "it has seen that THR is empty");
        for (char c : "abc".toCharArray()) {
            write(THR, c);
            assertTrue(machine.interruptLevel());
            read(LSR);
            assertFalse(machine.interruptLevel());
        }
        machine.advance(THR_PATIENCE);
        assertFalse(machine.interruptLevel());
    }

    @Test
    void aDriverThatTouchesNothingWhenItHasNothingToSendGoesOnSoon() throws Exception {
        write(IER, IER_ETBEI);
        write(THR, 'a');
        machine.advance(THR_PATIENCE - 1);
        assertTrue(machine.interruptLevel());
        State state = uart.save();
        machine.advance(1);
        assertFalse(machine.interruptLevel());
        write(THR, 'b');
        assertTrue(machine.interruptLevel());
        TestDeviceContext other = new TestDeviceContext("uart0", 1);
        Device copy = new UartPart().create(other);
        copy.load(state);
        assertTrue(other.interruptLevel());
        other.advance(THR_PATIENCE);
        assertFalse(other.interruptLevel(), "in a restored machine too");
    }

    @Test
    void aDriverThatWasInItsHandlerWhilePatienceLastedIsRemindedEverMoreSeldom() throws Exception {
        write(IER, IER_ETBEI);
        write(THR, 'a');
        machine.advance(THR_PATIENCE);
        long between = 2 * THR_PATIENCE;
        for (; between <= LONGEST_REMINDER; between *= 2) {
            TestDeviceContext other = new TestDeviceContext("uart0", 1);
            other.mtime(machine.mtime());
            new UartPart().create(other).load(uart.save());
            machine.advance(between - 1);
            int told = machine.interruptRises();
            machine.advance(1);
            assertEquals(told + 1, machine.interruptRises());
            assertFalse(machine.interruptLevel(), "no storm");
            other.advance(between);
            assertEquals(1, other.interruptRises(), "in a restored machine too");
        }
        assertSilent("not for ever");
        write(THR, 'b');
        machine.advance(THR_PATIENCE);
        read(LSR);
        assertSilent("it has seen that THR is empty");
    }

    private void assertSilent(String why) {
        int told = machine.interruptRises();
        for (int i = 0; i < 4; i++) {
            machine.advance(10 * LONGEST_REMINDER);
        }
        assertEquals(told, machine.interruptRises(), why);
    }

    @Test
    void aDriverThatReadsIirIsToldOfAnEmptyTransmitterUntilIirSaysSoWhateverElseItReads() throws Exception {
        read(IIR);
        write(IER, IER_ETBEI);
        write(THR, 'a');
        read(LSR);
        machine.advance(THR_PATIENCE);
        assertTrue(machine.interruptLevel());
        assertEquals(IIR_THR_EMPTY, read(IIR));
        assertFalse(machine.interruptLevel());
    }

    /** serial8250_do_startup: with no interrupt there, Linux would believe that the UART does not tell of an empty transmitter. */
    @Test
    void linuxFindsTheInterruptOfTheTransmitterWhenItProbes() throws Exception {
        for (int i = 0; i < 2; i++) {
            write(IER, IER_ETBEI);
            assertEquals(LSR_TEMT, read(LSR) & LSR_TEMT);
            assertEquals(IIR_THR_EMPTY, read(IIR));
            write(IER, 0);
        }
    }

    @Test
    void aStateOfBeforeDriversWereToldApartIsTakenByTheBook() throws Exception {
        write(IER, IER_ETBEI);
        State old = new State("uart0", 2);
        State now = uart.save();
        for (String flag : List.of("used", "overrun", "thrEmptied", "timedOut")) {
            old.put(flag, now.getBoolean(flag));
        }
        for (String register : List.of("ier", "fcr", "lcr", "mcr", "msr", "scr", "divisor", "last")) {
            old.put(register, now.getInt(register));
        }
        uart.load(old.put("timeoutAt", now.getLong("timeoutAt")).put("received", now.getBytes("received")));
        read(LSR);
        assertTrue(machine.interruptLevel());
        assertEquals(IIR_THR_EMPTY, read(IIR));
        assertFalse(machine.interruptLevel());
    }

    @Test
    void interruptsAreShownInTheOrderOfTheirPriority() throws Exception {
        write(MCR, MCR_LOOP);
        write(IER, IER_ERBFI | IER_ETBEI | IER_ELSI | IER_EDSSI);
        write(THR, 'a');
        write(THR, 'b');
        assertEquals(IIR_LINE_STATUS, read(IIR));
        read(LSR);
        assertEquals(IIR_DATA_AVAILABLE, read(IIR));
        read(RBR);
        assertEquals(IIR_THR_EMPTY, read(IIR));
        assertEquals(IIR_MODEM_STATUS, read(IIR));
        read(MSR);
        assertEquals(IIR_NONE, read(IIR));
    }

    @Test
    void loopbackReturnsDataAndOverrunsAFullFifo() throws Exception {
        write(FCR, FCR_ENABLE);
        write(MCR, MCR_LOOP);
        for (int i = 0; i < FIFO_SIZE + 1; i++) {
            write(THR, 'a' + i);
        }
        assertEquals("", machine.transmitted());
        assertEquals(LSR_OE | LSR_DR, read(LSR) & (LSR_OE | LSR_DR));
        assertEquals(LSR_DR, read(LSR) & (LSR_OE | LSR_DR), "reading LSR clears the overrun");
        for (int i = 0; i < FIFO_SIZE; i++) {
            assertEquals('a' + i, read(RBR));
        }
        assertEquals(0, read(LSR) & LSR_DR);
    }

    @Test
    void loopbackWithoutFifosOverwritesTheCharacter() throws Exception {
        write(MCR, MCR_LOOP);
        write(THR, 'a');
        write(THR, 'b');
        assertEquals(LSR_OE, read(LSR) & LSR_OE);
        assertEquals('b', read(RBR));
    }

    @Test
    void inputWaitsUntilLoopbackEnds() throws Exception {
        write(MCR, MCR_LOOP);
        machine.send("x");
        assertEquals(0, read(LSR) & LSR_DR);
        write(MCR, 0);
        assertEquals('x', read(RBR));
    }

    @Test
    void modemLinesLoopBackAndTheirChangesAreKeptUntilRead() throws Exception {
        assertEquals(MSR_CTS | MSR_DSR | MSR_DCD, read(MSR), "the host is connected");
        write(MCR, MCR_LOOP | 0x04);
        assertEquals(MSR_RI | 0x0B, read(MSR), "CTS, DSR and DCD have changed; RI tells its trailing edge only");
        assertEquals(MSR_RI, read(MSR));
        write(MCR, MCR_LOOP | 0x0B);
        assertEquals(MSR_CTS | MSR_DSR | MSR_DCD | 0x0B | MSR_TERI, read(MSR));
    }

    @Test
    void divisorLiesBehindDlab() throws Exception {
        write(LCR, LCR_DLAB | 3);
        write(DLL, 0x34);
        write(DLM, 0x12);
        assertEquals(0x34, read(DLL));
        assertEquals(0x12, read(DLM));
        write(LCR, 3);
        assertEquals(0, read(IER));
        assertEquals("", machine.transmitted());
        assertEquals(3, read(LCR));
    }

    @Test
    void registersKeepTheBitsThatTheyHave() throws Exception {
        write(IER, 0xFF);
        assertEquals(0x0F, read(IER));
        write(MCR, 0xFF);
        assertEquals(0x1F, read(MCR));
        write(SCR, 0xA5);
        assertEquals(0xA5, read(SCR));
        write(LSR, 0xFF);
        assertEquals(LSR_THRE | LSR_TEMT, read(LSR));
    }

    @Test
    void receiverFifoIsClearedByFcr() throws Exception {
        write(FCR, FCR_ENABLE);
        machine.send("abc");
        write(FCR, FCR_ENABLE | FCR_RESET_RECEIVER);
        assertEquals(0, read(LSR) & LSR_DR);
        machine.send("abc");
        write(FCR, 0);
        assertEquals(0, read(LSR) & LSR_DR);
        assertEquals(IIR_NONE, read(IIR));
    }

    @Test
    void whatItDoesNotHaveFaults() {
        for (int size : new int[] {2, 4, 8}) {
            assertThrows(BusFault.class, () -> uart.load(0, size));
            assertThrows(BusFault.class, () -> uart.store(0, size, 'x'));
        }
        assertThrows(BusFault.class, () -> uart.load(8, 1));
        assertThrows(BusFault.class, () -> uart.store(0xFF, 1, 0));
        assertEquals("", machine.transmitted());
    }

    @Test
    void stateCarriesWhatTheGuestCouldSeeToAnotherMachine() throws Exception {
        write(LCR, LCR_DLAB);
        write(DLL, 1);
        write(LCR, 3);
        write(FCR, FCR_ENABLE | TRIGGER_AT_8);
        write(IER, IER_ERBFI | IER_ETBEI);
        read(IIR);
        write(SCR, 0x77);
        machine.send("abc");
        read(RBR);
        State state = uart.save();
        TestDeviceContext other = new TestDeviceContext("uart0", 1);
        Device copy = new UartPart().create(other);
        copy.load(state);
        assertEquals(state, copy.save());
        assertFalse(other.interruptLevel());
        other.advance(TIMEOUT);
        assertTrue(other.interruptLevel(), "the character timeout goes on");
        assertEquals('b', copy.load(RBR, 1));
        assertEquals('c', copy.load(RBR, 1));
        assertEquals('c', copy.load(RBR, 1), "an empty receiver repeats");
    }

    @Test
    void damagedStateIsRefusedAndChangesNothing() throws Exception {
        write(SCR, 5);
        State before = uart.save();
        assertThrows(StateException.class, () -> uart.load(new State("uart0", 1)));
        assertThrows(StateException.class, () -> uart.load(uart.save().put("received", new byte[FIFO_SIZE + 1])));
        assertThrows(StateException.class, () -> uart.load(new State("uart1", 1)));
        assertEquals(before, uart.save());
    }

    @Test
    void resetIsPowerOn() throws Exception {
        State fresh = uart.save();
        write(FCR, FCR_ENABLE);
        write(IER, 0x0F);
        write(MCR, MCR_LOOP);
        write(THR, 'x');
        write(SCR, 1);
        uart.reset();
        assertFalse(machine.interruptLevel());
        assertEquals(fresh, uart.save());
    }
}
