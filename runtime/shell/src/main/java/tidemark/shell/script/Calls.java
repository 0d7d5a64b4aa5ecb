package tidemark.shell.script;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;

/** What rewritten programs call, kept in the variables of their session. */
final class Calls {
    static final String RUN = ".run";
    static final String SHOW = ".show";
    static final String CHAIN = ".chain";
    static final String HOLDS = ".holds";
    static final String ANNOUNCE = ".announce";
    static final String JOB = ".job";
    static final String AND = "and";
    static final String OR = "or";
    static final String LEAVING = ".leaving";
    /** Gogo's jumps, whose classes it keeps to itself. */
    private static final String JUMP = "org\\.apache\\.felix\\.gogo\\.jline\\.Procedural\\$(Break|Continue)Exception";

    private final Messages messages;
    private final Background background = new Background();

    Calls(Messages messages) {
        this.messages = messages;
    }

    /** What people read of a failure. */
    interface Messages {
        /** @return empty if nothing is to be said: somebody pressed Ctrl-C, or the command has said it itself */
        String of(Throwable failure);
    }

    Background background() {
        return background;
    }

    void offerTo(CommandSession session) {
        session.put(RUN, (Function) this::run);
        session.put(SHOW, (Function) this::show);
        session.put(CHAIN, (Function) this::chain);
        session.put(HOLDS, (Function) this::holds);
        session.put(ANNOUNCE, (Function) (s, arguments) -> {
            background.begins();
            return null;
        });
        session.put(JOB, (Function) this::job);
    }

    private Object run(CommandSession session, List<Object> arguments) throws Exception {
        Header header = Header.of(arguments.getFirst());
        String name = String.valueOf(arguments.get(1));
        Process process = Process.Utils.current();
        Stages stages = Stages.of(process, header);
        try {
            Object result = call(session, name, arguments.subList(2, arguments.size()), process);
            if (header.last()) {
                stages.awaitOthers(process, header);
            }
            return header.shown() ? shown(session, result) : result;
        } catch (Exception e) {
            Place.mark(e, header.line());
            if (header.last()) {
                throw e;
            }
            stages.failed(e);
            return null;
        } finally {
            if (!header.last()) {
                stages.ended();
            }
        }
    }

    private static Object call(CommandSession session, String name, List<Object> arguments, Process process) throws Exception {
        if (session.get(LEAVING) instanceof ExitException exit) {
            throw exit;
        }
        try {
            Object result = function(session, name, arguments);
            int code = ErrorCode.of(process);
            if (code != 0) {
                throw new CodeException(name, code);
            }
            return result;
        } catch (ExitException e) {
            session.put(LEAVING, e);
            throw e;
        }
    }

    private static Object function(CommandSession session, String name, List<Object> arguments) throws Exception {
        if (session.get(name) instanceof Function function) {
            return function.execute(session, arguments);
        }
        if (name.indexOf(':') < 0 && session.get("*:" + name) instanceof Function function) {
            return function.execute(session, arguments);
        }
        if (session.get("*:default") instanceof Function function) {
            function.execute(session, List.of(name));
        }
        throw new CommandNotFoundException(name);
    }

    private Object show(CommandSession session, List<Object> arguments) throws Exception {
        return located(arguments, () -> shown(session, execute(session, arguments.get(1))));
    }

    private static Object shown(CommandSession session, Object result) throws Exception {
        if (result != null) {
            PrintStream out = Process.Utils.current().out();
            out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
        }
        return null;
    }

    private Object chain(CommandSession session, List<Object> arguments) throws Exception {
        return located(arguments, () -> {
            Object result = null;
            Exception failure = null;
            for (int i = 1; i < arguments.size(); i += 2) {
                boolean afterFailure = i > 1 && OR.contentEquals(String.valueOf(arguments.get(i - 1)));
                if (i > 1 && afterFailure == (failure == null)) {
                    continue;
                }
                if (failure != null) {
                    say(failure);
                }
                try {
                    result = execute(session, arguments.get(i));
                    failure = null;
                } catch (Exception e) {
                    throwJump(e);
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
            return Header.of(arguments.getFirst()).shown() ? shown(session, result) : result;
        });
    }

    /** A condition that fails does not hold. Its header says whether it holds without a value. */
    private Object holds(CommandSession session, List<Object> arguments) throws Exception {
        try {
            Object result = execute(session, arguments.get(1));
            if (result == null) {
                return Header.of(arguments.getFirst()).shown();
            }
            return !(result instanceof Number n && n.doubleValue() == 0) && !List.of("", "0", "false").contains(result.toString());
        } catch (Exception e) {
            throwJump(e);
            say(e);
            return false;
        }
    }

    private Object job(CommandSession session, List<Object> arguments) {
        boolean failed = true;
        try {
            shown(session, execute(session, arguments.get(1)));
            failed = false;
        } catch (Exception e) {
            Place.mark(e, Header.of(arguments.getFirst()).line());
            say(e);
        } finally {
            background.ends(failed);
        }
        return null;
    }

    private static Object execute(CommandSession session, Object closure) throws Exception {
        return ((Function) closure).execute(session, null);
    }

    private interface Action {
        Object run() throws Exception;
    }

    private static Object located(List<Object> arguments, Action action) throws Exception {
        try {
            return action.run();
        } catch (Exception e) {
            Place.mark(e, Header.of(arguments.getFirst()).line());
            throw e;
        }
    }

    private void say(Exception failure) {
        String message = messages.of(failure);
        if (!message.isEmpty()) {
            Process.Utils.current().err().println(message);
        }
    }

    /** Those pass through whatever handles failures. */
    private static void throwJump(Exception e) throws Exception {
        if (e instanceof ExitException || e instanceof InterruptedException || e.getClass().getName().matches(JUMP)) {
            throw e;
        }
    }
}
