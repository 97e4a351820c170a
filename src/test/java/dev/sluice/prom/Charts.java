package dev.sluice.prom;

import dev.sluice.prom.Dashboards.Panel;
import dev.sluice.prom.PrometheusServer.Series;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.data.time.FixedMillisecond;
import org.jfree.data.time.TimeSeries;
import org.jfree.data.time.TimeSeriesCollection;

/** Draws what the panels of a dashboard show, where there is no Grafana. */
public final class Charts {
  private static final int COLUMNS = 3;
  private static final int WIDTH = 520;
  private static final int HEIGHT = 260;
  private static final int GAP = 8;
  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Map<String, String> UNITS =
      Map.of("s", "s", "ms", "ms", "bytes", "bytes", "ops", "a second", "percentunit", "of 1");

  /**
   * A panel with its data.
   *
   * @param series of each target, in the panel's order
   */
  public record Filled(Panel panel, List<List<Series>> series) {}

  private Charts() {}

  /** Draws panels as one picture. */
  public static void draw(List<Filled> panels, Path file) throws IOException {
    var rows = (panels.size() + COLUMNS - 1) / COLUMNS;
    var image =
        new BufferedImage(
            COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(new Color(0xF0F0F0));
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    for (int i = 0; i < panels.size(); i++) {
      draw(
          panels.get(i),
          graphics,
          new Rectangle2D.Double(
              GAP + (i % COLUMNS) * (WIDTH + GAP),
              GAP + (i / COLUMNS) * (HEIGHT + GAP),
              WIDTH,
              HEIGHT));
    }
    graphics.dispose();
    Files.createDirectories(file.toAbsolutePath().getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private static void draw(Filled filled, Graphics2D graphics, Rectangle2D where) {
    var data = new TimeSeriesCollection();
    for (int i = 0; i < filled.series().size(); i++) {
      var legend = filled.panel().targets().get(i).legend();
      for (var series : filled.series().get(i)) {
        data.addSeries(points(series, legend));
      }
    }
    var unit = UNITS.getOrDefault(filled.panel().unit(), "");
    var chart = ChartFactory.createTimeSeriesChart(filled.panel().title(), null, unit, data);
    style(chart, data.getSeriesCount());
    chart.draw(graphics, where);
  }

  private static TimeSeries points(Series series, String legend) {
    var name = LABEL.matcher(legend).replaceAll(m -> series.labels().getOrDefault(m.group(1), ""));
    var points = new TimeSeries(name.isBlank() ? "value" : name.strip());
    for (var point : series.points()) {
      if (Double.isFinite(point.value())) {
        points.addOrUpdate(new FixedMillisecond(Math.round(point.at() * 1e3)), point.value());
      }
    }
    return points;
  }

  private static void style(JFreeChart chart, int series) {
    chart.getTitle().setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
    chart.setBackgroundPaint(Color.WHITE);
    var plot = chart.getXYPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(true);
    for (int i = 0; i < series; i++) {
      plot.getRenderer().setSeriesStroke(i, new BasicStroke(1.6f));
    }
  }
}
