export { BarChart } from "./charts/bar-chart.tsx";
export type { Bar, BarChartProps } from "./charts/bar-chart.tsx";
export { FanChart } from "./charts/fan-chart.tsx";
export type { FanChartProps, FanForecastPoint, FanHistoryPoint } from "./charts/fan-chart.tsx";
export { IntervalChart } from "./charts/interval-chart.tsx";
export type { ChartedInterval, IntervalChartProps } from "./charts/interval-chart.tsx";
export { LineChart } from "./charts/line-chart.tsx";
export type { LineChartProps, LineSeries } from "./charts/line-chart.tsx";
export type { LegendItem, PlotTable, PlotText, SeriesColour } from "./charts/plot-frame.tsx";
export { Sparkline } from "./charts/sparkline.tsx";
export type { SparklineProps } from "./charts/sparkline.tsx";
export { Anchor, LinkProvider } from "./components/anchor.tsx";
export type { AnchorProps, LinkProviderProps } from "./components/anchor.tsx";
export { Badge, ConnectionBadge } from "./components/badge.tsx";
export type { BadgeProps, ConnectionBadgeProps, ConnectionState, Tone } from "./components/badge.tsx";
export { AddButton, Button, IconButton, IconLink, LinkButton, WishButton } from "./components/button.tsx";
export type {
  AddButtonProps,
  ButtonProps,
  ButtonTone,
  IconButtonProps,
  IconLinkProps,
  LinkButtonProps,
  WishButtonProps,
} from "./components/button.tsx";
export { SlotPicker, Stepper, Timeline } from "./components/checkout.tsx";
export type { PickupSlot, SlotPickerProps, StepperProps, TimelineItem } from "./components/checkout.tsx";
export { classNames } from "./components/class-names.ts";
export {
  Checkbox,
  Input,
  InputField,
  Radio,
  Select,
  SelectField,
  Switch,
  Textarea,
  TextareaField,
} from "./components/controls.tsx";
export type { ChoiceProps, InputProps, SelectOption, SelectProps } from "./components/controls.tsx";
export { Dialog } from "./components/dialog.tsx";
export type { DialogProps } from "./components/dialog.tsx";
export { Field, Fieldset, FormError } from "./components/field.tsx";
export type { ControlProps, FieldProps, FieldsetProps, FormErrorProps } from "./components/field.tsx";
export { Hero, PageHead } from "./components/hero.tsx";
export type { HeroProps, PageHeadProps } from "./components/hero.tsx";
export { Breadcrumbs, Chips, Pagination, StatTile, Tabs } from "./components/navigation.tsx";
export type {
  BreadcrumbsProps,
  ChipsProps,
  PaginationProps,
  StatTileProps,
  TabsProps,
} from "./components/navigation.tsx";
export { FarmMark, Food, Picture, tintStyle } from "./components/picture.tsx";
export type { FarmMarkProps, FoodProps, Photo, PictureProps } from "./components/picture.tsx";
export { Popover, popoverTarget } from "./components/popover.tsx";
export type { PopoverProps } from "./components/popover.tsx";
export { amountOf, Price } from "./components/price.tsx";
export type { PriceProps } from "./components/price.tsx";
export { ProductCard, ProductRow } from "./components/product-card.tsx";
export type { ProductCardProps, ProductRowProps } from "./components/product-card.tsx";
export { ProductCardSkeleton, ProductShelf, SectionHead, Totals } from "./components/product-shelf.tsx";
export type { ProductShelfProps, SectionHeadProps, TotalsProps } from "./components/product-shelf.tsx";
export { QuantityStepper } from "./components/quantity-stepper.tsx";
export type { QuantityStepperProps } from "./components/quantity-stepper.tsx";
export { RatingInput, RatingStars } from "./components/rating.tsx";
export type { RatingInputProps, RatingStarsProps } from "./components/rating.tsx";
export { ExplainBars, ReasonBadge } from "./components/reason.tsx";
export type { Contribution, ExplainBarsProps, Reason, ReasonBadgeProps } from "./components/reason.tsx";
export { SearchBox } from "./components/search-box.tsx";
export type { SearchBoxProps, SearchSuggestion } from "./components/search-box.tsx";
export { HarvestCalendar, SeasonBoard, SeasonFigure, SeasonStrip } from "./components/season.tsx";
export type {
  HarvestCalendarProps,
  HarvestRow,
  SeasonBoardColumn,
  SeasonBoardItem,
  SeasonStripProps,
} from "./components/season.tsx";
export { monthNames, seasonSentence } from "./components/season-sentence.ts";
export type { SeasonLevel, SeasonYear } from "./components/season-sentence.ts";
export { Card, EmptyState, ErrorState, Notice, Skeleton } from "./components/states.tsx";
export type { CardProps, ErrorStateProps, NoticeProps, SkeletonProps } from "./components/states.tsx";
export { Table } from "./components/table.tsx";
export type { TableColumn, TableProps } from "./components/table.tsx";
export { ToastProvider, ToastRegion, useToasts } from "./components/toast.tsx";
export type { Toast, ToastProviderProps, ToastRegionProps, Toasts } from "./components/toast.tsx";
export { KeptFocus } from "./focus/kept-focus.tsx";
export { Icon } from "./icons/icon.tsx";
export type { IconProps } from "./icons/icon.tsx";
export type { IconName } from "./icons/icon-paths.ts";
export { pictureFor } from "./pictures/picture-for.ts";
export type { Pictured } from "./pictures/picture-for.ts";
export { isPictureName, pictureNames } from "./pictures/picture-tints.ts";
export type { PictureName } from "./pictures/picture-tints.ts";
export { pictureUrl, pictureUrlPrefix } from "./pictures/served.ts";
export { tintFor, tintForText } from "./pictures/tint.ts";
export type { Tint } from "./pictures/tint.ts";
export { PortalShell } from "./shell/portal-shell.tsx";
export type { PortalNavItem, PortalShellProps } from "./shell/portal-shell.tsx";
export { Brand, SkipLink, StoreFooter, StoreHeader, StoreMain } from "./shell/store-shell.tsx";
export type { BrandProps, NavItem, StoreFooterProps, StoreHeaderProps } from "./shell/store-shell.tsx";
