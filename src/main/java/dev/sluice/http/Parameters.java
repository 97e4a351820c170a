package dev.sluice.http;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.http.ApiGuard.BadRequestException;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.model.Cursor;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Reads the parameters of questions. */
final class Parameters {
  private static final int PAGE_DEFAULT = 100;

  private Parameters() {}

  static Asked asked(Context context) {
    return new Asked(
        ApiGuard.sharer(context),
        context.header("Authorization"),
        Boolean.parseBoolean(context.queryParam("stale")));
  }

  static String required(Context context, String name) {
    var value = context.queryParam(name);
    if (value == null || value.isEmpty()) {
      throw new BadRequestException("missing parameter: " + name);
    }
    return value;
  }

  /** Returns the type of the requested source; empty for every type. */
  static String type(Context context) {
    return optional(context, "sourceType");
  }

  private static String optional(Context context, String name) {
    var value = context.queryParam(name);
    return value == null ? "" : value;
  }

  static String cursor(Context context) {
    var cursor = context.queryParam("cursor");
    try {
      return cursor == null ? "" : Cursor.id(cursor);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("cursor is invalid: use the field next of a page");
    }
  }

  static int limit(Context context, int pageMax) {
    var limit = context.queryParam("limit");
    if (limit == null) {
      return Math.min(PAGE_DEFAULT, pageMax);
    }
    try {
      int number = Integer.parseInt(limit);
      if (number >= 1 && number <= pageMax) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new BadRequestException("limit must be a number from 1 to " + pageMax);
  }

  /** Returns which outstanding commands are asked for. */
  static DeliveryFilter deliveries(Context context) {
    return new DeliveryFilter(
        optional(context, "user"),
        type(context),
        optional(context, "source"),
        names(context, "action", CommandAction.class),
        names(context, "state", DeliveryState.class),
        flag(context, "overdue"));
  }

  /** Returns the values of a parameter that may be given several times. */
  private static <E extends Enum<E>> Set<E> names(Context context, String name, Class<E> type) {
    var names = EnumSet.noneOf(type);
    for (var value : context.queryParams(name)) {
      if (value.isEmpty()) {
        continue;
      }
      try {
        names.add(Enum.valueOf(type, value));
      } catch (IllegalArgumentException e) {
        throw new BadRequestException(
            "%s must be one of %s".formatted(name, Arrays.toString(type.getEnumConstants())));
      }
    }
    return names;
  }

  private static boolean flag(Context context, String name) {
    var value = optional(context, name);
    if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
      throw new BadRequestException(name + " must be true or false");
    }
    return value.equals("true");
  }
}
