package tidemark.shell.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.gogo.runtime.Parser.Array;
import org.apache.felix.gogo.runtime.Parser.Closure;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Operator;
import org.apache.felix.gogo.runtime.Parser.Pipeline;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Sequence;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;

/**
 * Makes of a Gogo program one in which each command is called by {@link Calls}. Gogo itself forgets failures of its own commands, of commands in the background
 * and in pipelines, never comes to the right side of {@code ||}, and shows the last of several results only.
 */
final class Rewriter {
    private static final String WORD = "[A-Za-z_.][\\w.:-]*";
    private static final Set<String> NO_COMMANDS = Set.of("null", "true", "false");
    /** Those that drop what their last closure returns; try drops all but the first. */
    private static final Set<String> LOOPS = Set.of("each", "while", "until");
    private static final String STANDARD_OUTPUT = "[1&]?>>?";

    private final String text;

    Rewriter(String text) {
        this.text = text;
    }

    /** The statements of a program, each a program of its own, that return their results. */
    List<Program> statements(Program program) {
        return Lists.of(program).stream().map(list -> program(list.executables(), list.isBackground() ? background(list) : List.of(list(list, false)))).toList();
    }

    /** @param used whether somebody takes the value of its last statement */
    private Program program(Program program, boolean used) {
        List<Lists> lists = Lists.of(program);
        List<Executable> all = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            Lists list = lists.get(i);
            all.addAll(list.isBackground() ? background(list) : List.of(list(list, !used || i < lists.size() - 1)));
            if (i < lists.size() - 1) {
                all.add(new Operator(new Token(list.isBackground() ? "&" : ";")));
            } else if (list.isBackground()) {
                all.add(new Operator(new Token("&")));
            }
        }
        return new Program(program, all);
    }

    private static Program program(List<? extends Token> whole, List<Executable> executables) {
        Token first = whole.getFirst();
        Token last = whole.getLast();
        Token token = new Token(first).subSequence(0, last.start() + last.length() - first.start());
        List<Executable> all = new ArrayList<>(executables);
        if (executables.size() > 1) {
            all.add(new Operator(new Token("&")));
        }
        return new Program(token, all);
    }

    /** Announced first: whoever waits for all of them must know of it. */
    private List<Executable> background(Lists list) {
        Token place = list.executables().getFirst();
        Header header = Header.alone(line(place), false);
        Statement announced = call(place, Calls.ANNOUNCE, List.of(new Token(header.toString())), List.of());
        Statement job = call(place, Calls.JOB, List.of(new Token(header.toString()), closure(list(list, false))), List.of());
        return List.of(announced, new Operator(new Token(";")), job);
    }

    private Executable list(Lists list, boolean shown) {
        if (list.executables().size() == 1) {
            return executable(list.executables().getFirst(), shown);
        }
        List<Token> arguments = new ArrayList<>();
        Token place = list.executables().getFirst();
        arguments.add(new Token(Header.alone(line(place), shown).toString()));
        for (int i = 0; i < list.executables().size(); i++) {
            if (i > 0) {
                arguments.add(new Token(Token.eq("&&", list.operators().get(i - 1)) ? Calls.AND : Calls.OR));
            }
            arguments.add(closure(executable(list.executables().get(i), false)));
        }
        return call(place, Calls.CHAIN, arguments, List.of());
    }

    private Executable executable(Executable executable, boolean shown) {
        return executable instanceof Pipeline pipeline ? pipeline(pipeline, shown) : statement((Statement) executable, Header.alone(line(executable), shown));
    }

    private Pipeline pipeline(Pipeline pipeline, boolean shown) {
        List<Executable> all = new ArrayList<>();
        int stages = (pipeline.tokens().size() + 1) / 2;
        for (Executable each : pipeline.tokens()) {
            int stage = all.size() / 2 + 1;
            all.add(each instanceof Statement statement ? statement(statement, new Header(line(statement), shown && stage == stages, stage, stages)) : each);
        }
        return new Pipeline(pipeline, all);
    }

    private Statement statement(Statement statement, Header asked) {
        List<Token> redirections = statement.redirections().stream().map(this::token).toList();
        if (statement.tokens().isEmpty()) {
            return statement;
        }
        List<Token> tokens = tokens(statement.tokens());
        boolean redirected = redirections.stream().anyMatch(token -> token.toString().matches(STANDARD_OUTPUT));
        if (isAssignment(tokens)) {
            return assignment(statement, tokens, redirections, asked);
        }
        Header header = new Header(asked.line(), asked.shown() || redirected, asked.stage(), asked.stages());
        if (!isCommand(tokens.getFirst())) {
            return header.shown() ? call(statement, Calls.SHOW, List.of(new Token(header.toString()), closure(new Statement(statement, tokens, List.of()))),
                    redirections) : new Statement(statement, tokens, redirections);
        }
        return call(statement, Calls.RUN, prefixed(header, tokens), redirections);
    }

    private static Statement assignment(Statement statement, List<Token> tokens, List<Token> redirections, Header asked) {
        if (tokens.size() < 4 || !isCommand(tokens.get(2))) {
            return new Statement(statement, tokens, redirections);
        }
        List<Token> all = new ArrayList<>(tokens.subList(0, 2));
        all.add(new Token(Calls.RUN));
        all.addAll(prefixed(new Header(asked.line(), false, asked.stage(), asked.stages()), tokens.subList(2, tokens.size())));
        return new Statement(statement, all, redirections);
    }

    static boolean isAssignment(List<? extends Token> tokens) {
        return tokens.size() > 1 && Token.eq("=", tokens.get(1));
    }

    private static boolean isCommand(Token token) {
        return isPlain(token) && token.toString().matches(WORD) && !NO_COMMANDS.contains(token.toString());
    }

    private static boolean isPlain(Token token) {
        return !(token instanceof Closure || token instanceof Sequence || token instanceof Array);
    }

    private static List<Token> prefixed(Header header, List<Token> tokens) {
        List<Token> all = new ArrayList<>();
        all.add(new Token(header.toString()));
        all.addAll(tokens);
        return all;
    }

    private static Statement call(Token place, String function, List<? extends Token> arguments, List<Token> redirections) {
        List<Token> tokens = new ArrayList<>();
        tokens.add(new Token(function));
        tokens.addAll(arguments);
        return new Statement(place, tokens, redirections);
    }

    private static Closure closure(Executable executable) {
        return new Closure(executable, new Program(executable, List.of(executable)));
    }

    // Words

    private List<Token> tokens(List<Token> tokens) {
        String command = tokens.getFirst().toString();
        List<Token> all = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (!(token instanceof Closure closure)) {
                all.add(token(token));
            } else if (isCondition(command, tokens, i)) {
                all.add(closure(call(closure, Calls.HOLDS, List.of(new Token(Header.alone(line(closure), endsWithCommand(closure.program())).toString()),
                        new Closure(closure, program(closure.program(), true))), List.of())));
            } else {
                boolean dropped = LOOPS.contains(command) && tokens.stream().noneMatch(option -> option.toString().matches("-r|--result"))
                        || command.equals("try") && i > 1;
                all.add(new Closure(closure, program(closure.program(), !dropped)));
            }
        }
        return all;
    }

    private static boolean isCondition(String command, List<Token> tokens, int at) {
        return switch (command) {
            case "if" -> at == 1 || at > 1 && Token.eq("elif", tokens.get(at - 1));
            case "while", "until", "not" -> at == 1;
            default -> false;
        };
    }

    /** Whether a condition asks a command, which holds if it succeeds, and not for a value, which may be null. */
    private static boolean endsWithCommand(Program program) {
        List<Lists> lists = Lists.of(program);
        Executable last = lists.isEmpty() ? null : lists.getLast().executables().getLast();
        return last instanceof Pipeline || last instanceof Statement statement && !statement.tokens().isEmpty() && !isAssignment(statement.tokens())
                && isCommand(statement.tokens().getFirst());
    }

    private Token token(Token token) {
        return switch (token) {
            case Closure closure -> new Closure(closure, program(closure.program(), true));
            case Sequence sequence -> new Sequence(sequence, program(sequence.program(), true));
            case Array array when array.list() != null -> new Array(array, array.list().stream().map(this::token).toList(), null);
            case Array array -> new Array(array, null, map(array.map()));
            default -> Quotes.apart(token);
        };
    }

    private Map<Token, Token> map(Map<Token, Token> map) {
        Map<Token, Token> all = new LinkedHashMap<>();
        map.forEach((key, value) -> all.put(token(key), token(value)));
        return all;
    }

    /** From 1. */
    int line(Token token) {
        return 1 + (int) text.substring(0, Math.min(token.start(), text.length())).chars().filter(c -> c == '\n').count();
    }
}
