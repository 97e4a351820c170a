package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;
import static dev.sluice.sim.Violation.unlessEqual;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the stores' sizes at the end with the model: nothing is missing, nothing leaks. */
record Sizes(
    List<Owned<ProductTask, ProductCheck>> products,
    List<Owned<UserTask, UserCheck>> users,
    List<Owned<AccessTask, AccessCheck>> access) {

  void check() {
    for (var owned : products) {
      var model = owned.check.model();
      var approved = model.requests("APPROVED");
      unlessEqual(
          sizes(
              owned.task,
              "products",
              "product-counters",
              "requests",
              "approved-requests",
              "deletions"),
          Map.of(
              "products",
              model.products.size(),
              "product-counters",
              model.products.size(),
              "requests",
              (int) model.requests(null),
              "approved-requests",
              (int) (approved + model.requests("EXPIRED") + model.requests("SCHEDULED")),
              "deletions",
              0),
          "I10 bounded",
          "what a task of the product stage stores");
      var due = owned.task.keys("due").size();
      var waiting = model.requests("PENDING") + model.requests("SCHEDULED");
      unless(
          due <= 3 * approved + waiting,
          "I10 bounded",
          "%d due of %d approved, %d waiting",
          due,
          approved,
          waiting);
    }
    for (var owned : users) {
      unlessEqual(
          (long) owned.task.keys("users").size(),
          owned.check.model().remembered(),
          "I10 bounded",
          "what a task of the user stage stores");
    }
    for (var owned : access) {
      var view = owned.check.view();
      unlessEqual(
          sizes(
              owned.task,
              "memberships",
              "members",
              "product-copies",
              "given-sources",
              "product-revisions",
              "sweeps",
              "deactivated-users",
              "withheld-sources"),
          Map.of(
              "memberships", view.memberships(),
              "members", view.memberships(),
              "product-copies", view.products(),
              "given-sources", view.givenSources(),
              "product-revisions", 0,
              "sweeps", 0,
              "deactivated-users", view.deactivated(),
              "withheld-sources", 0),
          "I10 bounded",
          "what a task of the access stage stores");
    }
  }

  private static Map<String, Integer> sizes(Task task, String... stores) {
    var sizes = new TreeMap<String, Integer>();
    for (var store : stores) {
      sizes.put(store, task.keys(store).size());
    }
    return sizes;
  }
}
