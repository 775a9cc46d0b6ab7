/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.linkage;

import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.Type;

/** All that the code of a class names: types, members, and the interfaces of its lambdas. */
final class References extends ClassVisitor {
  /**
   * A member that an instruction or a method handle names.
   *
   * @param opcode of the instruction, or the one that does what the handle does
   */
  record Member(String owner, String name, String descriptor, int opcode, boolean ofInterface) {
    boolean isField() {
      return opcode >= Opcodes.GETSTATIC && opcode <= Opcodes.PUTFIELD;
    }

    boolean isStatic() {
      return opcode == Opcodes.GETSTATIC
          || opcode == Opcodes.PUTSTATIC
          || opcode == Opcodes.INVOKESTATIC;
    }

    @Override
    public String toString() {
      return owner + "." + name + (isField() ? " " : "") + descriptor;
    }
  }

  /** An interface that a lambda or a method reference implements, and its method. */
  record Lambda(String type, String method) {}

  final Set<String> types = new LinkedHashSet<>();
  final Set<String> made = new LinkedHashSet<>();
  final Set<Member> members = new LinkedHashSet<>();
  final Set<Lambda> lambdas = new LinkedHashSet<>();

  private References() {
    super(Opcodes.ASM9);
  }

  static References of(byte[] bytes) {
    References references = new References();
    new ClassReader(bytes).accept(references, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return references;
  }

  private void type(Type type) {
    switch (type.getSort()) {
      case Type.ARRAY -> type(type.getElementType());
      case Type.OBJECT -> types.add(type.getInternalName());
      case Type.METHOD -> {
        type(type.getReturnType());
        for (Type argument : type.getArgumentTypes()) {
          type(argument);
        }
      }
      default -> {} // A primitive.
    }
  }

  private void constant(Object value) {
    if (value instanceof Type type) {
      type(type);
    } else if (value instanceof Handle handle) {
      handle(handle);
    } else if (value instanceof ConstantDynamic dynamic) {
      type(Type.getType(dynamic.getDescriptor()));
      handle(dynamic.getBootstrapMethod());
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        constant(dynamic.getBootstrapMethodArgument(i));
      }
    }
  }

  private void handle(Handle handle) {
    int opcode =
        switch (handle.getTag()) {
          case Opcodes.H_GETFIELD -> Opcodes.GETFIELD;
          case Opcodes.H_GETSTATIC -> Opcodes.GETSTATIC;
          case Opcodes.H_PUTFIELD -> Opcodes.PUTFIELD;
          case Opcodes.H_PUTSTATIC -> Opcodes.PUTSTATIC;
          case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
          case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
          case Opcodes.H_INVOKESPECIAL, Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
          default -> Opcodes.INVOKEVIRTUAL;
        };
    if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      made.add(handle.getOwner());
    }
    member(opcode, handle.getOwner(), handle.getName(), handle.getDesc(), handle.isInterface());
  }

  private void member(
      int opcode, String owner, String name, String descriptor, boolean ofInterface) {
    type(Type.getType(descriptor));
    if (owner.startsWith("[")) {
      type(Type.getType(owner)); // clone() of an array
    } else {
      types.add(owner);
      members.add(new Member(owner, name, descriptor, opcode, ofInterface));
    }
  }

  @Override
  public void visit(
      int version, int access, String name, String signature, String parent, String[] interfaces) {
    if (parent != null) {
      types.add(parent);
    }
    types.addAll(Set.of(interfaces));
  }

  @Override
  public RecordComponentVisitor visitRecordComponent(
      String name, String descriptor, String signature) {
    type(Type.getType(descriptor));
    return null;
  }

  @Override
  public FieldVisitor visitField(
      int access, String name, String descriptor, String signature, Object value) {
    type(Type.getType(descriptor));
    return null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    type(Type.getType(descriptor));
    if (exceptions != null) {
      types.addAll(Set.of(exceptions));
    }
    return new Code();
  }

  private final class Code extends MethodVisitor {
    Code() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      type(Type.getObjectType(type));
      if (opcode == Opcodes.NEW) {
        made.add(type);
      }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      member(opcode, owner, name, descriptor, false);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      member(opcode, owner, name, descriptor, ofInterface);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      type(Type.getType(descriptor));
      handle(bootstrap);
      for (Object argument : arguments) {
        constant(argument);
      }
      if (bootstrap.getOwner().equals("java/lang/invoke/LambdaMetafactory")) {
        lambdas.add(new Lambda(Type.getReturnType(descriptor).getInternalName(), name));
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      constant(value);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      type(Type.getType(descriptor));
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
      if (type != null) {
        types.add(type);
      }
    }
  }
}
