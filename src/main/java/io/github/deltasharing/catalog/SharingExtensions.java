/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.spark.SessionTableRule;
import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Function1;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * An optional extension of a session: {@code
 * spark.sql.extensions=io.github.deltasharing.catalog.SharingExtensions}. It adds table functions
 * for changes:
 *
 * <ul>
 *   <li>{@code table_changes('<catalog>.<share>.<schema>.<table>', start[, end])}, for tables of a
 *       {@link SharingCatalog};
 *   <li>{@code table_changes_by_path('<profile file>#<share>.<schema>.<table>', start[, end])};
 *   <li>the same as {@code shared_table_changes} and {@code shared_table_changes_by_path}, for
 *       sessions in which another extension, such as Delta Lake's, has the other names.
 * </ul>
 *
 * <p>Start and end are included; numbers are versions, strings and timestamps are times. Nothing
 * else of the connector needs it. Spark makes one, by its constructor without arguments.
 */
@PublicApi
public final class SharingExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    SessionTableRule.install(extensions);
    for (String prefix : List.of("", "shared_")) {
      add(extensions, new TableChangesFunction(prefix + "table_changes", false));
      add(extensions, new TableChangesFunction(prefix + "table_changes_by_path", true));
    }
    return BoxedUnit.UNIT;
  }

  /**
   * Spark's type of such a function is of a Scala Seq of arguments, which is not the same class on
   * Scala 2.12 and 2.13; both are the function's argument when it is called.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void add(SparkSessionExtensions extensions, TableChangesFunction function) {
    Function1<scala.collection.Seq<Expression>, LogicalPlan> builder = function::plan;
    ExpressionInfo info =
        new ExpressionInfo(SharingExtensions.class.getName(), null, function.name());
    extensions.injectTableFunction(
        new Tuple3(new FunctionIdentifier(function.name()), info, (Function1) builder));
  }
}
