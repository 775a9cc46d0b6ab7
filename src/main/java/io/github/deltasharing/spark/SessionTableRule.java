/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import java.lang.reflect.Constructor;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.DeleteFromTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeIntoTable;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;
import scala.runtime.AbstractPartialFunction;

/**
 * Replaces relations of session-catalog tables by relations of Spark's second data source API, so
 * that they are planned exactly as {@code spark.read.format("deltaSharing").load()} is: same
 * pushdown, same vectors. It runs with Spark's own operator optimisations, which come before Spark
 * pushes anything down to a source.
 *
 * <p>No configuration is needed: {@link #install} adds the rule to a session when the session's
 * first such relation is made, which is during analysis and so before its optimisation. Spark asks
 * the session for its rules each time that it optimises a query.
 *
 * <p>Driver only; thread-safe.
 */
public final class SessionTableRule extends Rule<LogicalPlan> {
  /** Extensions that have the rule. Sessions of one application share theirs. */
  private static final Set<SparkSessionExtensions> INSTALLED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private SessionTableRule() {}

  /** Adds the rule to all sessions that are made with these extensions, once. */
  public static void install(SparkSessionExtensions extensions) {
    if (INSTALLED.add(extensions)) {
      extensions.injectOptimizerRule(session -> new SessionTableRule());
    }
  }

  /** Adds the rule to a session that is in use already. */
  static void install(SparkSession session) {
    try {
      // A method of SparkSession on Spark 3.5, and of its subclass on Spark 4.
      install((SparkSessionExtensions) session.getClass().getMethod("extensions").invoke(session));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw SharingErrors.sessionTableUnsupported(e);
    }
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    refuseWrite(plan);
    return (LogicalPlan)
        plan.transform(
            new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
              @Override
              public boolean isDefinedAt(LogicalPlan node) {
                return node instanceof LogicalRelation relation
                    && relation.relation() instanceof SessionTableRelation;
              }

              @Override
              public <A extends LogicalPlan, B> B applyOrElse(
                  A node, scala.Function1<A, B> otherwise) {
                @SuppressWarnings("unchecked") // Spark's B is a supertype of LogicalPlan.
                B replaced = (B) (isDefinedAt(node) ? relationOf((LogicalRelation) node) : null);
                return replaced == null ? otherwise.apply(node) : replaced;
              }
            });
  }

  /** Spark itself would fail later, with an internal error. */
  private static void refuseWrite(LogicalPlan plan) {
    LogicalPlan target = null;
    if (plan instanceof DeleteFromTable delete) {
      target = delete.table();
    } else if (plan instanceof UpdateTable update) {
      target = update.table();
    } else if (plan instanceof MergeIntoTable merge) {
      target = merge.targetTable();
    }
    if (target instanceof LogicalRelation node
        && node.relation() instanceof SessionTableRelation relation) {
      throw SharingErrors.readOnly(relation.table().name());
    }
  }

  /**
   * The same columns, with the same ids, of the same table. The constructor takes a Scala Seq,
   * whose class is another one on Scala 2.13, and Spark 4.2 gave it one more parameter.
   */
  private static LogicalPlan relationOf(LogicalRelation node) {
    Table table = ((SessionTableRelation) node.relation()).table();
    try {
      Object output = LogicalRelation.class.getMethod("output").invoke(node);
      for (Constructor<?> constructor : DataSourceV2Relation.class.getConstructors()) {
        Class<?>[] types = constructor.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
          if (types[i] == Table.class) {
            arguments[i] = table;
          } else if (types[i].isInstance(output)) {
            arguments[i] = output;
          } else if (types[i] == CaseInsensitiveStringMap.class) {
            arguments[i] = CaseInsensitiveStringMap.empty();
          } else if (types[i] == Option.class) {
            arguments[i] = Option.empty();
          }
        }
        return (LogicalPlan) constructor.newInstance(arguments);
      }
      throw new NoSuchMethodException(DataSourceV2Relation.class.getName());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw SharingErrors.sessionTableUnsupported(e);
    }
  }
}
