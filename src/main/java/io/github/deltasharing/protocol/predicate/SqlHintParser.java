/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.predicate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the protocol's "SQL Expressions for Filtering" ({@code predicateHints}) into {@link
 * JsonPredicate}: comparisons of a column with a constant, {@code IS [NOT] NULL}, and {@code AND},
 * {@code OR}, {@code NOT} and parentheses over them. A constant gets the type of its column.
 * Anything else is not understood, and the caller keeps all files; so is text with a quote inside,
 * which engines read differently. Not thread-safe: one instance a text, hidden behind {@link
 * #parse}.
 */
public final class SqlHintParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*+(?:(?<string>'[^'\\\\]*+')|(?<quoted>`[^`]++`)"
              + "|(?<number>[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?(?![\\w.]))"
              + "|(?<op><=>|<=|>=|<>|!=|=|<|>|\\(|\\)|\\.)|(?<word>[A-Za-z_]\\w*))");
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TOKENS = 10_000;

  private final List<Token> tokens;
  private final Function<String, Optional<ValueType>> columnTypes;
  private int next;
  private int depth;

  private SqlHintParser(List<Token> tokens, Function<String, Optional<ValueType>> columnTypes) {
    this.tokens = tokens;
    this.columnTypes = columnTypes;
  }

  /**
   * Parses one hint.
   *
   * @param columnTypes the type to compare a column in, empty when there is no such column or it
   *     cannot be compared
   * @return the predicate, or empty when any part of the text is not understood
   */
  public static Optional<JsonPredicate> parse(
      String sql, Function<String, Optional<ValueType>> columnTypes) {
    List<Token> tokens = tokens(sql);
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    SqlHintParser parser = new SqlHintParser(tokens, columnTypes);
    try {
      JsonPredicate predicate = parser.or();
      return parser.next == tokens.size() ? Optional.of(predicate) : Optional.empty();
    } catch (NotUnderstoodException e) {
      return Optional.empty();
    }
  }

  private JsonPredicate or() {
    List<JsonPredicate> children = new ArrayList<>(List.of(and()));
    while (takeWord("OR")) {
      children.add(and());
    }
    return children.size() == 1 ? children.get(0) : new JsonPredicate.Or(children);
  }

  private JsonPredicate and() {
    List<JsonPredicate> children = new ArrayList<>(List.of(not()));
    while (takeWord("AND")) {
      children.add(not());
    }
    return children.size() == 1 ? children.get(0) : new JsonPredicate.And(children);
  }

  private JsonPredicate not() {
    if (++depth > MAX_DEPTH) {
      throw new NotUnderstoodException();
    }
    try {
      if (takeWord("NOT")) {
        return new JsonPredicate.Not(not());
      }
      if (takeOp("(")) {
        JsonPredicate inner = or();
        require(takeOp(")"));
        return inner;
      }
      return leaf();
    } finally {
      depth--;
    }
  }

  private JsonPredicate leaf() {
    Term left = term();
    if (takeWord("IS")) {
      boolean negated = takeWord("NOT");
      require(takeWord("NULL") && left.column());
      JsonPredicate isNull = new JsonPredicate.IsNull(column(left));
      return negated ? new JsonPredicate.Not(isNull) : isNull;
    }
    Token op = take(Kind.OP);
    Term right = term();
    require(left.column() != right.column());
    JsonPredicate.Column column = column(left.column() ? left : right);
    JsonPredicate.Literal literal = literal(left.column() ? right : left, column.valueType());
    return comparison(op.text(), left.column(), column, literal);
  }

  private static JsonPredicate comparison(
      String op, boolean columnFirst, JsonPredicate.Column column, JsonPredicate.Literal literal) {
    JsonPredicate.Comparator comparator =
        switch (op) {
          case "=", "<>", "!=" -> JsonPredicate.Comparator.EQUAL;
          case "<" -> JsonPredicate.Comparator.LESS_THAN;
          case "<=" -> JsonPredicate.Comparator.LESS_THAN_OR_EQUAL;
          case ">" -> JsonPredicate.Comparator.GREATER_THAN;
          case ">=" -> JsonPredicate.Comparator.GREATER_THAN_OR_EQUAL;
          default -> throw new NotUnderstoodException();
        };
    JsonPredicate result =
        new JsonPredicate.Comparison(
            columnFirst ? comparator : comparator.flipped(), column, literal);
    return op.equals("<>") || op.equals("!=") ? new JsonPredicate.Not(result) : result;
  }

  private JsonPredicate.Column column(Term term) {
    ValueType type = columnTypes.apply(term.text()).orElseThrow(NotUnderstoodException::new);
    return new JsonPredicate.Column(term.text(), type);
  }

  /** A number never compares with text, nor text with a number: engines differ in that cast. */
  private static JsonPredicate.Literal literal(Term term, ValueType type) {
    boolean fits =
        switch (type) {
          case STRING, DATE, TIMESTAMP -> term.kind() == Kind.STRING;
          case INT, LONG, FLOAT, DOUBLE -> term.kind() == Kind.NUMBER;
          case BOOL -> term.kind() == Kind.WORD;
        };
    require(fits);
    return new JsonPredicate.Literal(term.text(), type);
  }

  private Term term() {
    require(next < tokens.size());
    Token token = tokens.get(next++);
    if (token.kind() == Kind.STRING || token.kind() == Kind.NUMBER) {
      return new Term(token.kind(), token.text(), false);
    }
    require(token.kind() != Kind.OP);
    boolean bool = token.text().equalsIgnoreCase("true") || token.text().equalsIgnoreCase("false");
    if (token.kind() == Kind.WORD && bool) {
      return new Term(Kind.WORD, token.text().toLowerCase(Locale.ROOT), false);
    }
    StringBuilder name = new StringBuilder(token.text());
    while (takeOp(".")) {
      require(next < tokens.size());
      Token part = tokens.get(next++);
      require(part.kind() == Kind.WORD || part.kind() == Kind.QUOTED);
      name.append('.').append(part.text());
    }
    return new Term(token.kind(), name.toString(), true);
  }

  private boolean takeWord(String word) {
    boolean found =
        next < tokens.size()
            && tokens.get(next).kind() == Kind.WORD
            && tokens.get(next).text().equalsIgnoreCase(word);
    next += found ? 1 : 0;
    return found;
  }

  private boolean takeOp(String op) {
    boolean found =
        next < tokens.size()
            && tokens.get(next).kind() == Kind.OP
            && tokens.get(next).text().equals(op);
    next += found ? 1 : 0;
    return found;
  }

  private Token take(Kind kind) {
    require(next < tokens.size() && tokens.get(next).kind() == kind);
    return tokens.get(next++);
  }

  private static void require(boolean understood) {
    if (!understood) {
      throw new NotUnderstoodException();
    }
  }

  /** The tokens of the text; none when some character belongs to no token, or for too many. */
  private static List<Token> tokens(String sql) {
    List<Token> tokens = new ArrayList<>();
    String text = sql.stripTrailing();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (tokens.size() == MAX_TOKENS || !matcher.region(end, text.length()).lookingAt()) {
        return List.of();
      }
      tokens.add(token(matcher));
      end = matcher.end();
    }
    return tokens;
  }

  private static Token token(Matcher matcher) {
    String string = matcher.group("string");
    if (string != null) {
      return new Token(Kind.STRING, string.substring(1, string.length() - 1));
    }
    String quoted = matcher.group("quoted");
    if (quoted != null) {
      return new Token(Kind.QUOTED, quoted.substring(1, quoted.length() - 1));
    }
    if (matcher.group("number") != null) {
      return new Token(Kind.NUMBER, matcher.group("number"));
    }
    if (matcher.group("op") != null) {
      return new Token(Kind.OP, matcher.group("op"));
    }
    return new Token(Kind.WORD, matcher.group("word"));
  }

  private enum Kind {
    STRING,
    QUOTED,
    NUMBER,
    OP,
    WORD
  }

  private record Token(Kind kind, String text) {}

  private record Term(Kind kind, String text, boolean column) {}

  /** Ends the parse; carries nothing. */
  private static final class NotUnderstoodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstoodException() {
      super(null, null, false, false);
    }
  }
}
