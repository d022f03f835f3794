# Writes r-reference.json: what R says of series of the textbooks, for r-reference.test.ts.
#
#   Rscript packages/forecasting/src/core/testing/r-reference.R > packages/forecasting/src/core/testing/r-reference.json
#
# Airline passengers: Box & Jenkins (1976), "Time Series Analysis", series G. Flow of the Nile at Aswan: Cobb (1978),
# Biometrika 65. Sales with a leading indicator: Box & Jenkins, series M. All come with R.
suppressPackageStartupMessages({
  library(forecast)
  library(jsonlite)
})
fixed <- function(fit) list(coefficients = as.list(coef(fit)), sigma2 = unbox(fit$sigma2), logLik = unbox(fit$loglik), forecast = as.numeric(predict(fit, 12)$pred))
smooth <- function(fit) list(aicc = unbox(fit$aicc), logLik = unbox(as.numeric(fit$loglik)), alpha = unbox(fit$par[["alpha"]]), forecast = as.numeric(forecast(fit, h = 12)$mean))
plain <- stl(log(AirPassengers), s.window = 7, s.degree = 1)$time.series
means <- stl(log(AirPassengers), s.window = 7)$time.series
periodic <- stl(log(AirPassengers), s.window = "periodic")$time.series
robust <- stl(log(AirPassengers), s.window = 7, s.degree = 1, robust = TRUE)$time.series
# An autoregression of .7 about 20, 500 values to thousandths.
set.seed(500)
persistent <- round(20 + arima.sim(list(ar = 0.7), n = 500), 3)
parts <- function(x) list(seasonal = as.numeric(x[, "seasonal"]), trend = as.numeric(x[, "trend"]))
out <- list(
  versions = list(R = unbox(as.character(getRversion())), forecast = unbox(as.character(packageVersion("forecast")))),
  passengers = as.numeric(AirPassengers),
  nile = as.numeric(Nile),
  sales = as.numeric(BJsales),
  persistent = as.numeric(persistent),
  arima = list(
    persistent100 = fixed(arima(persistent, c(1, 0, 0))),
    nile101 = fixed(arima(Nile, c(1, 0, 1))),
    nile111 = fixed(arima(Nile, c(1, 1, 1))),
    nile200 = fixed(arima(Nile, c(2, 0, 0))),
    airline = fixed(arima(log(AirPassengers), c(0, 1, 1), seasonal = c(0, 1, 1)))
  ),
  ets = list(
    nileANN = smooth(ets(Nile, "ANN")),
    nileAAN = smooth(ets(Nile, "AAN", damped = FALSE)),
    passengersMAM = smooth(ets(AirPassengers, "MAM", damped = FALSE)),
    passengersMAdM = smooth(ets(AirPassengers, "MAM", damped = TRUE)),
    passengersAAA = smooth(ets(log(AirPassengers), "AAA", damped = FALSE))
  ),
  theta = list(passengers = as.numeric(thetaf(AirPassengers, h = 12)$mean), nile = as.numeric(thetaf(Nile, h = 12)$mean)),
  stl = list(plain = parts(plain), means = parts(means), periodic = parts(periodic), robust = parts(robust)),
  differences = list(nile = unbox(ndiffs(Nile)), passengers = unbox(ndiffs(diff(log(AirPassengers), 12))), season = unbox(nsdiffs(log(AirPassengers)))),
  kpss = list(nile = unbox(urca::ur.kpss(Nile, type = "mu", use.lag = trunc(4 * (100 / 100)^0.25))@teststat))
)
cat(toJSON(out, digits = 10), "\n")
