// Reads shared tables in Scala. Paste it into spark-shell, or give it the file; the profile is the provider's credential file:
//
//   DELTA_SHARING_PROFILE=config.share spark-shell --jars <connector jar> -i read_shared_table.scala

import org.apache.spark.sql.functions._

val profile = sys.env.getOrElse("DELTA_SHARING_PROFILE", "config.share")
val customers = spark.read.format("deltaSharing").load(s"$profile#retail.sales.customers")
val orders = spark.read.format("deltaSharing").load(s"$profile#retail.sales.orders")

// Revenue by segment. Spark reads the columns that this needs, and of the orders only files with some of the second half of 2025.
val secondHalf = orders.where("ordered_at >= '2025-07-01'").join(customers, "customer_id")
secondHalf.groupBy("segment").agg(count("*").as("orders"), expr("sum(quantity * unit_price)").as("revenue")).orderBy("segment").show()

// The table as it was, if the provider shares its history.
val before = spark.read.format("deltaSharing").option("versionAsOf", 1).load(s"$profile#retail.sales.orders")
println(s"${before.count()} orders then, ${orders.count()} now")

// What two commits changed, if the table records changes.
val changes = spark.read.format("deltaSharing").option("readChangeFeed", true).option("startingVersion", 5).option("endingVersion", 6).load(s"$profile#retail.sales.orders")
changes.groupBy("_commit_version", "_change_type").count().orderBy("_commit_version", "_change_type").show()
