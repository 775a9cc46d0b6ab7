/**
 * Signs URLs of cloud stores, without any of their SDKs: S3 and its look-alikes (Signature Version
 * 4), Google Cloud Storage (V4 signatures by a service account's key), Azure Blob Storage (service
 * and user delegation SAS). Nothing here sends a request; all of it can be tried offline against
 * the algorithms that the clouds publish.
 *
 * <p>May import the JDK, and nothing else.
 */
package io.github.deltasharing.presign;
