#!/usr/bin/env bash
# Starts s3proxy with a random key, and writes the key as Hadoop's settings for the recipients: /credentials/core-site.xml.
set -euo pipefail
umask 077
random() { head -c "$1" /dev/urandom | base64 -w 0 | tr -d '+/=' | cut -c "1-$2"; }
key=$(random 30 20) secret=$(random 60 40)

cat >/tmp/s3proxy.properties <<END
s3proxy.endpoint=http://0.0.0.0:9000
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$key
s3proxy.credential=$secret
jclouds.provider=transient
jclouds.identity=local
jclouds.credential=local
END

property() { printf '  <property><name>%s</name><value>%s</value></property>\n' "$1" "$2"; }
{
  echo '<configuration>'
  property fs.s3a.endpoint "http://${S3_HOST:-s3}:9000"
  property fs.s3a.path.style.access true
  property fs.s3a.connection.ssl.enabled false
  property fs.s3a.access.key "$key"
  property fs.s3a.secret.key "$secret"
  echo '</configuration>'
} >/credentials/core-site.xml.new
chmod 640 /credentials/core-site.xml.new
mv /credentials/core-site.xml.new /credentials/core-site.xml

exec java -XX:MaxRAMPercentage=60 -jar /opt/s3proxy.jar --properties /tmp/s3proxy.properties
