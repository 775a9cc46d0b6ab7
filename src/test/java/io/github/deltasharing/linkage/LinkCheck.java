/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.linkage;

import io.github.deltasharing.linkage.References.Lambda;
import io.github.deltasharing.linkage.References.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Whether classes link where they would run: each class, method and field that they name is looked
 * up as the JVM would (JVMS 5.4.3 and 5.4.4), inherited members included, and must be there,
 * accessible, static or not as it is used, of a class or of an interface as it is called; classes
 * must have all methods that their supertypes demand.
 */
public final class LinkCheck {
  private final ClassWorld world;
  private final List<String> problems = new ArrayList<>();
  private String from;

  private LinkCheck(ClassWorld world) {
    this.world = world;
  }

  /**
   * What does not link.
   *
   * @param classes the class files
   * @param world all classes that are there at run time, those among them
   * @return for each problem a line that starts with the name of the class that has it
   */
  public static List<String> problems(List<byte[]> classes, ClassWorld world) {
    LinkCheck check = new LinkCheck(world);
    classes.forEach(check::check);
    return check.problems.stream().distinct().sorted().toList();
  }

  private void problem(String what) {
    problems.add(from + ": " + what);
  }

  private void check(byte[] bytes) {
    ClassOutline outline = ClassOutline.of(bytes);
    from = outline.name();
    References references = References.of(bytes);
    Map<String, Optional<ClassOutline>> types = new HashMap<>();
    references.types.forEach(name -> types.put(name, checkType(name)));
    checkSupertypes(outline);
    for (String made : references.made) {
      types
          .get(made)
          .filter(ClassOutline::isAbstract)
          .ifPresent(type -> problem("makes " + made + ", which is abstract"));
    }
    for (Member member : references.members) {
      types.get(member.owner()).ifPresent(owner -> checkMember(member, owner));
    }
    references.lambdas.forEach(this::checkLambda);
  }

  private Optional<ClassOutline> checkType(String name) {
    Optional<ClassOutline> type = world.find(name);
    if (type.isEmpty()) {
      problem("no class " + name);
    } else if (!type.get().isPublic() && !samePackage(name)) {
      problem(name + " is not public");
    }
    return type;
  }

  private boolean samePackage(String name) {
    return ClassOutline.packageOf(name).equals(ClassOutline.packageOf(from));
  }

  private void checkSupertypes(ClassOutline outline) {
    world
        .find(outline.parent())
        .ifPresent(
            parent -> {
              if (parent.isInterface() || parent.isFinal()) {
                problem("extends " + parent.name() + ", which is an interface or final");
              }
            });
    for (String name : outline.interfaces()) {
      world
          .find(name)
          .filter(type -> !type.isInterface())
          .ifPresent(type -> problem("implements " + name + ", which is a class"));
    }
    List<ClassOutline> superclasses = world.superclasses(outline);
    for (Map.Entry<String, Integer> method : outline.methods().entrySet()) {
      if (!Modifier.isPrivate(method.getValue()) && !Modifier.isStatic(method.getValue())) {
        superclasses.stream()
            .skip(1)
            .filter(type -> isFinalThere(type, method.getKey()))
            .forEach(
                type ->
                    problem("overrides the final method " + type.name() + "." + method.getKey()));
      }
    }
    if (!outline.isAbstract()) {
      checkImplements(outline);
    }
  }

  private boolean isFinalThere(ClassOutline type, String method) {
    int access = type.methods().getOrDefault(method, 0);
    return Modifier.isFinal(access)
        && (Modifier.isPublic(access) || Modifier.isProtected(access) || samePackage(type.name()));
  }

  private void checkImplements(ClassOutline outline) {
    List<ClassOutline> lineage = world.lineage(outline);
    for (ClassOutline type : lineage) {
      type.methods()
          .forEach(
              (method, access) -> {
                if (Modifier.isAbstract(access) && !isImplemented(lineage, method)) {
                  problem("lacks the method " + type.name() + "." + method);
                }
              });
    }
  }

  private static boolean isImplemented(List<ClassOutline> lineage, String method) {
    return lineage.stream()
        .anyMatch(
            type -> {
              Integer access = type.methods().get(method);
              return access != null
                  && !Modifier.isAbstract(access)
                  && !Modifier.isStatic(access)
                  && !Modifier.isPrivate(access);
            });
  }

  private void checkMember(Member member, ClassOutline owner) {
    if (member.owner().equals("java/lang/invoke/MethodHandle")
        || member.owner().equals("java/lang/invoke/VarHandle")) {
      return; // Their methods take any descriptor.
    }
    if (!member.isField() && member.ofInterface() != owner.isInterface()) {
      problem(
          member
              + ": "
              + owner.name()
              + (owner.isInterface() ? " is an interface" : " is a class"));
      return;
    }
    Optional<ClassOutline> declaring = declaring(member, owner);
    if (declaring.isEmpty()) {
      problem("no " + (member.isField() ? "field " : "method ") + member);
      return;
    }
    int access = flags(member, declaring.get());
    if (!isAccessible(access, declaring.get())) {
      problem(member + " is " + visibility(access) + " in " + declaring.get().name());
    } else if (Modifier.isStatic(access) != member.isStatic()) {
      problem(member + (member.isStatic() ? " is not static" : " is static"));
    } else if (member.isField()
        && isWrite(member)
        && Modifier.isFinal(access)
        && !declaring.get().name().equals(from)) {
      problem(member + " is final");
    } else if (member.opcode() == Opcodes.INVOKESPECIAL && Modifier.isAbstract(access)) {
      problem(member + " is abstract");
    }
  }

  private static boolean isWrite(Member member) {
    return member.opcode() == Opcodes.PUTFIELD || member.opcode() == Opcodes.PUTSTATIC;
  }

  private static int flags(Member member, ClassOutline declaring) {
    return (member.isField() ? declaring.fields() : declaring.methods())
        .get(member.name() + member.descriptor());
  }

  private Optional<ClassOutline> declaring(Member member, ClassOutline owner) {
    String key = member.name() + member.descriptor();
    if (member.name().equals("<init>")) {
      return Optional.of(owner).filter(type -> type.methods().containsKey(key));
    }
    List<ClassOutline> lineage = new ArrayList<>(world.lineage(owner));
    if (owner.isInterface()) {
      world.find("java/lang/Object").ifPresent(lineage::add);
    }
    return lineage.stream()
        .filter(type -> (member.isField() ? type.fields() : type.methods()).containsKey(key))
        .findFirst();
  }

  private boolean isAccessible(int access, ClassOutline declaring) {
    if (Modifier.isPublic(access)) {
      return true;
    }
    if (Modifier.isPrivate(access)) {
      return ClassOutline.outermost(declaring.name()).equals(ClassOutline.outermost(from));
    }
    return samePackage(declaring.name())
        || (Modifier.isProtected(access) && inheritsFrom(declaring.name()));
  }

  private boolean inheritsFrom(String name) {
    return name.equals("java/lang/Object")
        || world.find(from).stream()
            .flatMap(type -> world.superclasses(type).stream())
            .anyMatch(type -> type.name().equals(name));
  }

  private static String visibility(int access) {
    return Modifier.isPrivate(access)
        ? "private"
        : Modifier.isProtected(access) ? "protected" : "visible in its package only";
  }

  /** The JVM makes a class that has this method and no other. */
  private void checkLambda(Lambda lambda) {
    Optional<ClassOutline> found = world.find(lambda.type());
    if (found.isEmpty()) {
      return; // Said already.
    }
    List<ClassOutline> lineage = world.lineage(found.get());
    Set<String> ofObject =
        world.find("java/lang/Object").map(type -> type.methods().keySet()).orElse(Set.of());
    List<String> demanded =
        lineage.stream()
            .flatMap(type -> type.methods().entrySet().stream())
            .filter(method -> Modifier.isAbstract(method.getValue()))
            .map(Map.Entry::getKey)
            .filter(method -> !ofObject.contains(method) && !isImplemented(lineage, method))
            .toList();
    if (!found.get().isInterface()
        || demanded.isEmpty()
        || !demanded.stream().allMatch(method -> method.startsWith(lambda.method() + "("))) {
      problem("a lambda cannot be a " + lambda.type() + ", which demands " + demanded);
    }
  }
}
