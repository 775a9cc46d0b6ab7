/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.linkage;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What others can name of a class: its kind, its supertypes and its members.
 *
 * @param name with slashes
 * @param access flags of the class file
 * @param parent null of Object
 * @param interfaces named directly
 * @param fields access flags by name and descriptor
 * @param methods access flags by name and descriptor
 */
record ClassOutline(
    String name,
    int access,
    String parent,
    List<String> interfaces,
    Map<String, Integer> fields,
    Map<String, Integer> methods) {

  static ClassOutline of(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    Map<String, Integer> fields = new LinkedHashMap<>();
    Map<String, Integer> methods = new LinkedHashMap<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public FieldVisitor visitField(
              int access, String name, String descriptor, String signature, Object value) {
            fields.put(name + descriptor, access);
            return null;
          }

          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            methods.put(name + descriptor, access);
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return new ClassOutline(
        reader.getClassName(),
        reader.getAccess(),
        reader.getSuperName(),
        new ArrayList<>(Arrays.asList(reader.getInterfaces())),
        fields,
        methods);
  }

  boolean isInterface() {
    return Modifier.isInterface(access);
  }

  boolean isAbstract() {
    return Modifier.isAbstract(access);
  }

  boolean isFinal() {
    return Modifier.isFinal(access);
  }

  boolean isPublic() {
    return Modifier.isPublic(access);
  }

  /** All of the name before the last slash. */
  static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** The name of the class that it is nested in, as compilers name them; its own if in none. */
  static String outermost(String name) {
    int dollar = name.indexOf('$', name.lastIndexOf('/') + 2);
    return dollar < 0 ? name : name.substring(0, dollar);
  }
}
