# The functions as one image, for ./deploy.sh --container: FUNCTION_TARGET chooses which of them a service is.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish functions/Agent -c Release -o /app -r linux-x64 --self-contained false -p:PublishReadyToRun=true -p:GooglePackages=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
# Cloud Run sets PORT; this is its default.
ENV PORT=8080
ENTRYPOINT ["dotnet", "Agent.dll"]
