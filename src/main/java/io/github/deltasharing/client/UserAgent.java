package io.github.deltasharing.client;

/** How this client names itself to servers and stores. */
public final class UserAgent {
  private static final String PRODUCT = "Delta-Sharing-Spark-Connector/" + version();

  private UserAgent() {}

  /**
   * The header's value; {@code callerOrg} may be null. Characters that no header may have are left
   * out.
   */
  public static String of(String callerOrg) {
    String base = PRODUCT + " Java/" + Runtime.version().feature();
    return callerOrg == null || callerOrg.isBlank()
        ? base
        : base + " " + callerOrg.trim().replaceAll("[^\\x21-\\x7e]+", "_");
  }

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
