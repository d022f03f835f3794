# Forecasts series with R's package forecast, for the bench to print beside ours.
#
#   Rscript packages/forecasting/bench/with-r.R series.jsonl arima,ets,theta,stlf,mean3
#
# A line of the file is {"id","m","h","y"}; a line of the answer is {"model","id","mean","lo80","hi80","lo95","hi95","ms"}, ms
# being CPU of user and system. `mean3` is the mean of auto.arima, ets and thetaf, bounds included, at the cost of all three.
suppressPackageStartupMessages({
  library(forecast)
  library(jsonlite)
})
args <- commandArgs(trailingOnly = TRUE)
series <- lapply(readLines(args[1]), fromJSON)
wanted <- strsplit(args[2], ",")[[1]]

fitters <- list(
  arima = function(y, h) forecast(auto.arima(y), h = h, level = c(80, 95)),
  ets = function(y, h) forecast(ets(y), h = h, level = c(80, 95)),
  theta = function(y, h) thetaf(y, h = h, level = c(80, 95)),
  stlf = function(y, h) if (frequency(y) > 1 && length(y) > 2 * frequency(y)) stlf(y, h = h, level = c(80, 95)) else forecast(ets(y), h = h, level = c(80, 95)),
  snaive = function(y, h) snaive(y, h = h, level = c(80, 95)),
  croston = function(y, h) croston(y, h = h)
)

bounds <- function(f, h) {
  point <- as.numeric(f$mean)
  side <- function(matrix, column) if (is.null(matrix)) point else as.numeric(matrix[, column])
  list(mean = point, lo80 = side(f$lower, 1), hi80 = side(f$upper, 1), lo95 = side(f$lower, 2), hi95 = side(f$upper, 2))
}

for (one in series) {
  values <- as.numeric(one$y)
  if (any(is.na(values))) values <- as.numeric(na.interp(ts(values, frequency = one$m)))
  y <- ts(values, frequency = one$m)
  made <- list()
  spent <- list()
  needed <- if ("mean3" %in% wanted) union(wanted, c("arima", "ets", "theta")) else wanted
  for (name in setdiff(needed, "mean3")) {
    before <- sum(proc.time()[1:2])
    made[[name]] <- tryCatch(bounds(fitters[[name]](y, one$h), one$h), error = function(e) bounds(snaive(y, h = one$h, level = c(80, 95)), one$h))
    spent[[name]] <- 1000 * (sum(proc.time()[1:2]) - before)
  }
  if ("mean3" %in% wanted) {
    three <- c("arima", "ets", "theta")
    made$mean3 <- setNames(lapply(c("mean", "lo80", "hi80", "lo95", "hi95"), function(key) Reduce(`+`, lapply(three, function(name) made[[name]][[key]])) / 3), c("mean", "lo80", "hi80", "lo95", "hi95"))
    spent$mean3 <- spent$arima + spent$ets + spent$theta
  }
  for (name in wanted) {
    cat(toJSON(c(list(model = unbox(name), id = unbox(as.character(one$id))), made[[name]], list(ms = unbox(spent[[name]]))), digits = NA), "\n", sep = "")
  }
}
