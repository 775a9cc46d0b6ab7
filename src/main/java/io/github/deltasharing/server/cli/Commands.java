/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands of the jar. What fails is one line on stderr. Used by one thread. */
public final class Commands {
  private static final int WRONG = 2;
  private static final String HELP = "--help";

  private final Terminal terminal;
  private final CommandLine line;

  /**
   * Creates the commands.
   *
   * @param server runs a server until it is told to stop
   * @param version what {@code --version} says
   */
  public Commands(Terminal terminal, Consumer<ShareConfig> server, String version) {
    this.terminal = terminal;
    line = new CommandLine(new RootCommand(server));
    AdminWork work = new AdminWork(terminal);
    List.of(
            new ServeCommand(server),
            new ShareCommand(work),
            new RecipientCommand(work),
            new GrantCommand(work),
            new PrincipalCommand(work),
            new PublishCommand(work),
            new PublicationsCommand(work),
            new AuditCommand(work),
            new UsageCommand(work),
            new CompletionCommand(terminal))
        .forEach(line::addSubcommand);
    line.getCommandSpec().version("delta-sharing-server " + version);
    line.setExpandAtFiles(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpAutoWidth(false);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setExecutionStrategy(new Strategy());
    line.setParameterExceptionHandler((e, args) -> fail(WRONG, message(e)));
    line.setExecutionExceptionHandler((e, command, result) -> failed(e));
    line.setOverwrittenOptionsAllowed(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    everywhere(line);
  }

  /** Gives each command its help; a command is there again by its other name. */
  private static void everywhere(CommandLine command) {
    if (command.getCommandSpec().findOption(HELP) != null) {
      return;
    }
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", HELP)
                .usageHelp(true)
                .arity("0")
                .description("print this and end")
                .build());
    command.getSubcommands().values().forEach(Commands::everywhere);
  }

  /** The file with the settings of logs. */
  public static String logging(String[] args) {
    boolean serves = args.length == 0 || args[0].startsWith("-") || args[0].equals("serve");
    return serves ? "log4j2-server.properties" : "log4j2-command.properties";
  }

  /** Does what the arguments say; the process's exit code. */
  public int run(String... args) {
    return line.execute(args);
  }

  /** Options of a server's start are not those of the command that follows. */
  private static final class Strategy implements IExecutionStrategy {
    private final RunLast last = new RunLast();

    @Override
    public int execute(ParseResult result) {
      if (result.hasSubcommand() && !result.matchedOptions().isEmpty()) {
        throw new ParameterException(
            result.commandSpec().commandLine(),
            result.matchedOptions().get(0).longestName() + " must come after the command");
      }
      return last.execute(result);
    }
  }

  private int failed(Exception e) throws Exception {
    if (e instanceof CommandException failure) {
      return fail(failure.code(), failure.getMessage());
    }
    if (e instanceof ConfigException) {
      return fail(WRONG, e.getMessage());
    }
    throw e;
  }

  private int fail(int code, String message) {
    terminal.err().println(TerminalText.escape(message.replaceAll("\\s*\\R\\s*", " ")));
    return code;
  }

  /** Without values of options that are not known: these may be secrets. */
  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      return first.startsWith("-")
          ? "There is no option " + first.split("=", 2)[0] + ". See --help"
          : "There is no command or argument '" + first + "'. See --help";
    }
    return e.getMessage() + ". See --help";
  }
}
