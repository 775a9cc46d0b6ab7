/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apache.spark.package$;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** A check, or a class of checks, of what Spark has from a line on: left out on older ones. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FromSpark.Condition.class)
@interface FromSpark {
  /** Like "4.1". */
  String value();

  /** Compares major and minor version. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String from =
          AnnotationSupport.findAnnotation(context.getElement(), FromSpark.class)
              .map(FromSpark::value)
              .orElse("0.0");
      String running = package$.MODULE$.SPARK_VERSION();
      return number(running) >= number(from)
          ? ConditionEvaluationResult.enabled("Spark " + running)
          : ConditionEvaluationResult.disabled("from Spark " + from + " on");
    }

    private static int number(String version) {
      String[] parts = version.split("\\.", -1);
      return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
  }
}
